import {
  createCoordinator as coordinatorOf,
  type Coordinator,
  type OrderStore,
} from "../../coordinator/coordinator.js";
import { createReporter, type Reporter } from "../../coordinator/reporter.js";
import { liveEngine } from "../../source/refresh.js";
import type { Delta, Orders } from "../../types.js";
import { liveOptions, type FollowOptions } from "./live.js";
import { logError } from "../shared/log.js";

/** The object that all isolates report to. */
const NAME = "pointsman";
/** The key that orders are stored under. */
const ORDERS_KEY = "orders";
/** Never looked up: a Durable Object is reached by its binding. */
const ADDRESS = "https://coordinator.invalid/";

/** The part of a Durable Object's state that a coordinator uses. */
export interface DurableState {
  readonly storage: {
    get(key: string): Promise<unknown>;
    put(key: string, value: unknown): Promise<void>;
  };
}

/** A Durable Object namespace, as a worker's binding gives it. */
export interface DurableNamespace {
  idFromName(name: string): unknown;
  get(id: never): { fetch(url: string, init?: RequestInit): Promise<Response> };
}

/** A Durable Object's class. */
export type CoordinatorClass<Env extends object> = new (
  state: DurableState,
  env: Env,
) => { fetch(request: Request): Promise<Response> };

/**
 * The class of a Durable Object that judges what all isolates counted. Bind it, and name the binding in the handler's
 * `coordinator`. A `GET` to it tells how all guarded variants stand.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createCoordinator, createHandler } from "pointsman/cloudflare";
 * export const Guards = createCoordinator({ createEngine, snapshot: "SNAPSHOTS" });
 * export default createHandler({ createEngine, snapshot: "SNAPSHOTS", coordinator: "GUARDS" });
 * ```
 */
export function createCoordinator<Env extends object>(options: FollowOptions<Env>): CoordinatorClass<Env> {
  return class {
    readonly #coordinator: Coordinator;
    readonly #onError: (error: unknown) => void;

    constructor(state: DurableState, env: Env) {
      const { onError = logError } = options;
      const live = liveEngine({ ...liveOptions(options, env, false), onError });
      this.#onError = onError;
      this.#coordinator = coordinatorOf(() => live.get(), storeOf(state));
    }

    async fetch(request: Request): Promise<Response> {
      try {
        if (request.method === "GET") return Response.json(await this.#coordinator.overview());
        return Response.json(await this.#coordinator.report(await request.text()));
      } catch (error) {
        this.#onError(error);
        return Response.json({ error: String(error) }, { status: 503 });
      }
    }
  };
}

function storeOf({ storage }: DurableState): OrderStore {
  return {
    load: async () => (await storage.get(ORDERS_KEY)) as Orders | undefined,
    keep: (orders) => storage.put(ORDERS_KEY, orders),
  };
}

/** The isolate's side of a binding. What is wrong with the binding is an error of each report. */
export function reporterOf(
  env: object,
  binding: string,
  interval: number | undefined,
  onError: (error: unknown) => void,
): Reporter {
  const send = async (delta: Delta): Promise<Orders> => {
    const namespace = boundTo(env, binding);
    const stub = namespace.get(namespace.idFromName(NAME) as never);
    const response = await stub.fetch(ADDRESS, { method: "POST", body: JSON.stringify(delta) });
    if (!response.ok) throw new Error(`the coordinator answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Orders;
  };
  return createReporter({ send, onError, ...(interval === undefined ? {} : { interval }) });
}

function boundTo(env: object, binding: string): DurableNamespace {
  const namespace: unknown = Reflect.get(env, binding);
  const isBound = typeof namespace === "object" && namespace !== null && "idFromName" in namespace;
  if (!isBound) throw new Error(`no Durable Object namespace is bound as "${binding}"`);
  return namespace as DurableNamespace;
}
