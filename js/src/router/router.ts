import { safely, sparingly } from "../source/reporter.js";
import type { Keeper } from "../source/source.js";
import type { Engine, EvaluationContext, Outcome, RequestFacts, RouteDecision } from "../types.js";
import { debugHeader, UNDECIDED } from "./debug.js";
import { createFaults, pause, type Faults, type Injection } from "./faults.js";
import { forward, OddStatus, UpstreamTimeout } from "./forward.js";
import { STANDARD, type Platform, type Router, type RouterOptions } from "./options.js";
import { badGateway, clientGone, faultInjected, gatewayTimeout, notFound, unavailable } from "./plain.js";
import { previewOf, withoutTokens, type Preview } from "./preview.js";
import { respond } from "./respond.js";
import { placeOf } from "./shared.js";
import { supplyOf, type Supply } from "./supply.js";

/** Makes the `fetch` of a worker: facts, decision, forward, answer. Uses Web standards only. */
export function createRouter(options: RouterOptions): Router {
  const router = new FetchRouter(options);
  return { fetch: (request, keeper) => router.fetch(request, keeper), faults: () => router.faults() };
}

/** One request, and what was decided about it. */
interface Visit {
  readonly request: Request;
  readonly keeper: Keeper | undefined;
  readonly engine: Engine;
  readonly context: EvaluationContext;
  readonly decision: RouteDecision;
  /** `Set-Cookie` values to add to the visitor's. */
  readonly cookies: readonly string[];
}

/** What came of forwarding. */
interface Sent {
  readonly response: Response;
  /** Null where the backend answered. */
  readonly failure: NonNullable<Outcome["failure"]> | null;
  /** True where there was no connection. */
  readonly unconnected: boolean;
}

class FetchRouter implements Router {
  readonly #options: RouterOptions;
  readonly #platform: Platform;
  readonly #supply: Supply;
  readonly #faults: Faults = createFaults();
  readonly #report: (error: unknown) => void;
  readonly #reportOutage: (error: unknown) => void;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#platform = options.platform ?? STANDARD;
    this.#supply = supplyOf(options.engine);
    this.#report = safely(options.onError ?? console.error);
    this.#reportOutage = sparingly(this.#report, Date.now);
  }

  faults() {
    return this.#faults.counts();
  }

  async fetch(request: Request, keeper?: Keeper): Promise<Response> {
    const visit = await this.#decide(request, keeper);
    if (visit === undefined) return this.#undecided(request);
    return visit === null ? this.#passThrough(request) : this.#route(visit);
  }

  /** Undefined: there is no engine to ask. Null: no route matches. */
  async #decide(request: Request, keeper: Keeper | undefined): Promise<Visit | null | undefined> {
    try {
      const engine = await this.#supply(keeper);
      const { overrides, cookies } = await this.#preview(request);
      const context = await this.#context(request);
      const decision = engine.route(request, {
        ...freshFor(this.#platform),
        context,
        request: this.#platform.requestAttributes?.(request) ?? {},
        overrides,
      });
      return decision && { request, keeper, engine, context, decision, cookies };
    } catch (error) {
      this.#reportOutage(error);
      return undefined;
    }
  }

  async #context(request: Request): Promise<EvaluationContext> {
    try {
      return (await this.#options.context?.(request)) ?? {};
    } catch (error) {
      this.#report(error);
      return {};
    }
  }

  async #preview(request: Request): Promise<Preview> {
    try {
      return await previewOf(request, this.#options.overrides);
    } catch (error) {
      this.#report(error);
      return { overrides: [], cookies: [] };
    }
  }

  async #route(visit: Visit): Promise<Response> {
    const injection = this.#faults.begin(visit.decision);
    if (injection !== null) return keptAlive(this.#inject(visit, injection), visit.keeper);
    // Too many are under it already: this request is like any other.
    return this.#serve(
      visit.decision.fault === null ? visit : { ...visit, decision: { ...visit.decision, fault: null } },
    );
  }

  /** Holds the request back, then goes on with it or not. */
  async #inject(visit: Visit, injection: Injection): Promise<Response> {
    try {
      await pause(injection.delayMs, visit.request.signal);
      if (visit.request.signal.aborted) return clientGone();
      if (injection.abortStatus === null) return await this.#serve(visit);
      return this.#answer(faultInjected(injection.abortStatus), visit);
    } finally {
      injection.end();
    }
  }

  async #serve(visit: Visit): Promise<Response> {
    const { request, keeper, decision } = visit;
    // What chaos does to one request is not to be seen in another's.
    const place = decision.fault === null ? placeOf(request, decision, this.#platform) : null;
    const copy = (await place?.find()) ?? null;
    if (copy !== null) return this.#answer(copy, visit);
    const sent = await this.#observed(visit);
    if (sent.unconnected && mayRetry(visit)) return this.#retry(visit);
    place?.keep(sent.response, keeper);
    return this.#answer(sent.response, visit);
  }

  /** Forwards, and tells the guards how that ended. The clock of some platforms moves with input and output only, which is enough. */
  async #observed({ request, engine, decision }: Visit): Promise<Sent> {
    const began = Date.now();
    const sent = await this.#send(request, decision);
    engine.report(decision, { ...outcomeOf(sent, request), durationMs: Date.now() - began });
    return sent;
  }

  async #send(request: Request, decision: RouteDecision): Promise<Sent> {
    const who = `backend "${decision.backend}"`;
    try {
      const response = await forward(request, decision.upstream, this.#platform);
      return { response, failure: null, unconnected: false };
    } catch (error) {
      if (request.signal.aborted) return { response: clientGone(), failure: "aborted", unconnected: false };
      this.#report(error);
      if (error instanceof UpstreamTimeout) {
        return { response: gatewayTimeout(who), failure: "timeout", unconnected: false };
      }
      return { response: badGateway(who), failure: "network", unconnected: !(error instanceof OddStatus) };
    }
  }

  /** Once, on the fallback. It is not reported: the guards know of the failure, and a fallback says nothing of any arm. */
  async #retry(visit: Visit): Promise<Response> {
    const { fallbackBackend: backend, fallbackUpstream: upstream } = visit.decision;
    const decision = { ...visit.decision, backend, upstream, fallback: true };
    const { response } = await this.#send(visit.request, decision);
    return this.#answer(response, { ...visit, decision });
  }

  async #undecided(request: Request): Promise<Response> {
    const { fallbackOrigin, passThrough } = this.#options;
    if (fallbackOrigin === undefined) return passThrough === undefined ? unavailable() : this.#passThrough(request);
    const send = async (): Promise<Response> => {
      const { origin } = new URL(fallbackOrigin);
      return forward(request, { origin, pathPrefix: "", headers: {}, timeoutMs: null }, this.#platform);
    };
    const response = await this.#attempt(request, "the fallback origin", send);
    return respond(
      response,
      null,
      this.#platform,
      this.#debug(() => UNDECIDED),
    );
  }

  /** Untouched both ways, but for tokens: it is none of this router's business. */
  #passThrough(request: Request): Promise<Response> {
    const { passThrough = notFound } = this.#options;
    return this.#attempt(request, "the origin", async () => passThrough(withoutTokens(request), request));
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

  #answer(response: Response, { engine, decision, context, keeper, cookies }: Visit): Response {
    this.#options.exposures?.recordRoute(decision, context, keeper);
    const debug = this.#debug(() => debugHeader(decision, engine.age));
    return respond(response, decision, this.#platform, debug, cookies);
  }

  #debug(header: () => string): string | null {
    return this.#options.debugHeader === true ? header() : null;
  }
}

/** An id that no cookie keeps would be another one with the next request, and the visitor's variant with it. */
function freshFor({ inBrowser = false }: Platform): Pick<RequestFacts, "freshId"> {
  return inBrowser ? {} : { freshId: crypto.randomUUID() };
}

/**
 * Whether a body's client or its backend broke off, or dawdled, can't be told apart: that counts as the client's doing, or anybody
 * could have a release withdrawn by a dozen broken uploads.
 */
function outcomeOf({ failure, response }: Sent, { body }: Request): Pick<Outcome, "status" | "failure"> {
  if (failure === null) return { status: response.status };
  return { failure: body === null ? failure : "aborted" };
}

/** Alive to its end: a runtime that drops a request whose client left would never give its place among the active ones back. */
function keptAlive<T>(work: Promise<T>, keeper: Keeper | undefined): Promise<T> {
  keeper?.waitUntil(work);
  return work;
}

/** What has no body and may be asked twice (RFC 9110, section 9.2.2), of a backend that is not the fallback itself. */
function mayRetry({ request, decision }: Visit): boolean {
  const isRepeatable = ["GET", "HEAD", "OPTIONS"].includes(request.method) && request.body === null;
  return isRepeatable && decision.fallbackBackend !== decision.backend;
}
