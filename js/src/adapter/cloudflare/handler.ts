import type { Reporter } from "../../coordinator/reporter.js";
import type { Exposures } from "../../exposure/exposures.js";
import type { FaultCount } from "../../router/faults.js";
import type { OverrideOptions, Platform, Router } from "../../router/options.js";
import { createRouter } from "../../router/router.js";
import { liveEngine, type LiveEngine } from "../../source/refresh.js";
import type { Keeper } from "../../source/source.js";
import type { EvaluationContext } from "../../types.js";
import { reporterOf } from "./coordinator.js";
import { clientAddress, requestAttributes } from "./facts.js";
import { liveOptions, type FollowOptions } from "./live.js";
import { logError } from "../shared/log.js";

/** How a worker follows its snapshot, decides and forwards. */
export interface HandlerOptions<Env extends object> extends FollowOptions<Env> {
  /** What is known of the visitor. When it fails, the request is served without. */
  readonly context?: (request: Request, env: Env) => EvaluationContext | Promise<EvaluationContext>;
  /** Tell each decision in a `pointsman` response header. Default false. */
  readonly debugHeader?: boolean;
  /** Answers what no route matches, and all requests while there is neither engine nor `fallbackOrigin`. Default `fetch`: the zone's own origin. */
  readonly passThrough?: (request: Request) => Response | Promise<Response>;
  /** The origin of all requests while there is no engine. */
  readonly fallbackOrigin?: string;
  /** Verifies override tokens: `(env) => ({ key: env.OVERRIDE_KEY })`. Without it none counts. */
  readonly overrides?: (env: Env) => OverrideOptions;
  /** Records who was served which variant of a route's flag: `(env) => createExposures(…)` of `pointsman/exposure`, called once. */
  readonly exposures?: (env: Env) => Exposures;
  /** The name of the binding of a `createCoordinator` class: isolates report to it, and do as it orders. Without one each judges for itself. */
  readonly coordinator?: string;
  /** Milliseconds between two reports of an isolate. Default 5,000. */
  readonly reportInterval?: number;
}

/** A module worker's handler. */
export interface Handler<Env extends object> {
  fetch(request: Request, env: Env, ctx: Keeper): Promise<Response>;
  /** How often each fault was injected in this isolate. */
  faults(): readonly FaultCount[];
}

/** One for all routes: keys name the route and the backend. */
const CACHE = "pointsman";

const WORKERD: Platform = {
  webSockets: true,
  keepsEncoding: true,
  clientAddress,
  requestAttributes,
  cache: () => caches.open(CACHE),
};

/**
 * A worker's handler. Needs the compatibility flag `enable_request_signal`, so that a client that goes away aborts its
 * request to the origin.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/cloudflare";
 * export default createHandler({ createEngine, snapshot: "SNAPSHOTS" });
 * ```
 */
export function createHandler<Env extends object>(options: HandlerOptions<Env>): Handler<Env> {
  let worker: Router | null = null;
  return {
    fetch: (request, env, ctx) => (worker ??= workerOf(options, env)).fetch(request, ctx),
    faults: () => worker?.faults() ?? [],
  };
}

/** Bindings are the same for all requests of an isolate, so the first request's make the router. */
function workerOf<Env extends object>(options: HandlerOptions<Env>, env: Env): Router {
  const {
    context,
    overrides,
    exposures,
    onError = logError,
    passThrough = (request: Request) => fetch(request),
    ...rest
  } = options;
  const live = liveEngine({ ...liveOptions(options, env, options.coordinator !== undefined), onError });
  const forVisitor = context && { context: (request: Request) => context(request, env) };
  const forTesters = overridesOf(overrides, env, onError);
  const forAnalytics = exposuresOf(exposures, env, onError);
  const router = createRouter({
    ...rest,
    ...forVisitor,
    ...forTesters,
    ...forAnalytics,
    engine: live,
    passThrough,
    onError,
    platform: WORKERD,
  });
  const { coordinator, reportInterval } = options;
  return coordinator === undefined
    ? router
    : reporting(router, live, reporterOf(env, coordinator, reportInterval, onError));
}

/** A binding that is missing leaves testers without a preview, and everybody else with the site. */
function overridesOf<Env extends object>(
  overrides: HandlerOptions<Env>["overrides"],
  env: Env,
  onError: (error: unknown) => void,
): { overrides?: OverrideOptions } {
  try {
    return overrides === undefined ? {} : { overrides: overrides(env) };
  } catch (error) {
    onError(error);
    return {};
  }
}

/** Without analytics the site goes on. */
function exposuresOf<Env extends object>(
  exposures: HandlerOptions<Env>["exposures"],
  env: Env,
  onError: (error: unknown) => void,
): { exposures?: Exposures } {
  try {
    return exposures === undefined ? {} : { exposures: exposures(env) };
  } catch (error) {
    onError(error);
    return {};
  }
}

/** Reports when the answer is made, so that it is told of. */
function reporting(router: Router, live: LiveEngine, reporter: Reporter): Router {
  return {
    ...router,
    async fetch(request, keeper) {
      const response = await router.fetch(request, keeper);
      const engine = live.current();
      if (engine !== null) reporter.report(engine, keeper);
      return response;
    },
  };
}
