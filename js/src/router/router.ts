import { safely, sparingly } from "../source/reporter.js";
import type { Keeper } from "../source/source.js";
import type { EvaluationContext, RequestFacts, RouteDecision } from "../types.js";
import { forward } from "./forward.js";
import { STANDARD, type Platform, type Router, type RouterOptions } from "./options.js";
import { badGateway, clientGone, notFound, unavailable } from "./plain.js";
import { respond } from "./respond.js";
import { supplyOf, type Supply } from "./supply.js";

/** Makes the `fetch` of a worker: facts, decision, forward, answer. Uses Web standards only. */
export function createRouter(options: RouterOptions): Router {
  const router = new FetchRouter(options);
  return { fetch: (request, keeper) => router.fetch(request, keeper) };
}

class FetchRouter implements Router {
  readonly #options: RouterOptions;
  readonly #platform: Platform;
  readonly #supply: Supply;
  readonly #report: (error: unknown) => void;
  readonly #reportOutage: (error: unknown) => void;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#platform = options.platform ?? STANDARD;
    this.#supply = supplyOf(options.engine);
    this.#report = safely(options.onError ?? console.error);
    this.#reportOutage = sparingly(this.#report, Date.now);
  }

  async fetch(request: Request, keeper?: Keeper): Promise<Response> {
    const decision = await this.#decide(request, keeper);
    if (decision === undefined) return this.#undecided(request);
    return decision === null ? this.#passThrough(request) : this.#route(request, decision);
  }

  /** Undefined: there is no engine to ask. */
  async #decide(request: Request, keeper: Keeper | undefined): Promise<RouteDecision | null | undefined> {
    try {
      const engine = await this.#supply(keeper);
      return engine.route(request, await this.#facts(request));
    } catch (error) {
      this.#reportOutage(error);
      return undefined;
    }
  }

  async #facts(request: Request): Promise<RequestFacts> {
    const freshId = crypto.randomUUID();
    const context = await this.#context(request);
    return context === undefined ? { freshId } : { freshId, context };
  }

  async #context(request: Request): Promise<EvaluationContext | undefined> {
    try {
      return await this.#options.context?.(request);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  async #route(request: Request, decision: RouteDecision): Promise<Response> {
    const who = `backend "${decision.backend}"`;
    const began = Date.now();
    const response = await this.#attempt(request, who, () =>
      forward(request, decision.upstream.origin, this.#platform),
    );
    const engine = await this.#supply(undefined);
    engine.report(decision, { status: response.status, durationMs: Date.now() - began });
    return this.#answer(response, decision);
  }

  async #undecided(request: Request): Promise<Response> {
    const { fallbackOrigin, passThrough } = this.#options;
    if (fallbackOrigin === undefined) return passThrough === undefined ? unavailable() : this.#passThrough(request);
    const send = async (): Promise<Response> => forward(request, new URL(fallbackOrigin).origin, this.#platform);
    return this.#answer(await this.#attempt(request, "the fallback origin", send), null);
  }

  /** Untouched both ways: it is none of this router's business. */
  #passThrough(request: Request): Promise<Response> {
    const { passThrough = notFound } = this.#options;
    return this.#attempt(request, "the origin", async () => passThrough(request));
  }

  async #attempt(request: Request, who: string, send: () => Promise<Response>): Promise<Response> {
    try {
      return await send();
    } catch (error) {
      if (request.signal.aborted) return clientGone();
      this.#report(error);
      return badGateway(who);
    }
  }

  #answer(response: Response, decision: RouteDecision | null): Response {
    return respond(response, decision, this.#platform, this.#options.debugHeader ?? false);
  }
}
