import type { FaultCount } from "../../router/faults.js";
import type { Platform, RouterOptions } from "../../router/options.js";
import { createRouter } from "../../router/router.js";
import { liveEngine } from "../../source/refresh.js";
import type { Keeper, SnapshotSource } from "../../source/source.js";
import type { EvaluationContext } from "../../types.js";
import { following, type FollowOptions } from "./follow.js";
import { logError } from "./log.js";
import { storedIn, type StorageOptions } from "./storage.js";

/**
 * How a handler follows its snapshot, decides and forwards. `Beside` is what the platform hands over beside a request:
 * Netlify's context, Deno's connection info.
 */
export interface HandlerOptions<Beside>
  extends
    FollowOptions,
    StorageOptions,
    Pick<RouterOptions, "debugHeader" | "exposures" | "fallbackOrigin" | "overrides"> {
  /** What is known of the visitor. When it fails, the request is served without. */
  readonly context?: (request: Request, beside: Beside) => EvaluationContext | Promise<EvaluationContext>;
  /**
   * Answers what no route matches, and all requests while there is neither engine nor `fallbackOrigin`. Default: the site
   * behind this handler, where the platform has one; otherwise 404, and 503 without an engine.
   */
  readonly passThrough?: (request: Request, beside: Beside) => Response | Promise<Response>;
}

/** What one platform knows of its requests, and does for them. */
export interface Host<Beside> extends Pick<Platform, "inBrowser"> {
  /** The source that a `snapshot` names which is a text. */
  open(name: string): SnapshotSource;
  /** The client's address, from where the platform itself puts it; null when unknown. */
  clientAddress(request: Request, beside: Beside): string | null;
  /** The attributes `request.*` that the platform knows. Never from a header that a client can set. */
  requestAttributes(request: Request, beside: Beside): EvaluationContext;
  /** What keeps work alive after the answer. Absent where processes live on. */
  keeper?(beside: Beside): Keeper | undefined;
  /** Asks the site behind the handler. */
  passThrough?(request: Request, beside: Beside, original: Request): Response | Promise<Response>;
}

/** A handler before it has its platform's form. */
export interface Server<Beside> {
  /** Decides, forwards and answers; never rejects. */
  fetch(request: Request, beside: Beside): Promise<Response>;
  /** How often each fault was injected in this process. */
  faults(): readonly FaultCount[];
}

/** Makes a platform's handler of what it has of its own. */
export function serverOf<Beside>(options: HandlerOptions<Beside>, host: Host<Beside>): Server<Beside> {
  // The router knows of requests alone.
  const besides = new WeakMap<Request, Beside>();
  const beside = (request: Request): Beside => besides.get(request) as Beside;
  const router = createRouter(routerOptions(options, host, beside));
  return {
    fetch(request, its) {
      besides.set(request, its);
      return router.fetch(request, host.keeper?.(its));
    },
    faults: () => router.faults(),
  };
}

function routerOptions<Beside>(
  options: HandlerOptions<Beside>,
  host: Host<Beside>,
  beside: (request: Request) => Beside,
): RouterOptions {
  // A live engine's own `snapshot` is the bundled one.
  const { onError = logError, context, passThrough = host.passThrough, snapshot, ...rest } = options;
  const source = storedIn(snapshot, host.open);
  return {
    ...rest,
    ...(context && { context: (request: Request) => context(request, beside(request)) }),
    ...(passThrough && {
      passThrough: (request: Request, original: Request) => passThrough(request, beside(original), original),
    }),
    engine: liveEngine({ ...following(rest, source, false), onError }),
    onError,
    platform: platformOf(host, beside),
  };
}

function platformOf<Beside>(host: Host<Beside>, beside: (request: Request) => Beside): Platform {
  return {
    webSockets: false,
    keepsEncoding: false,
    inBrowser: host.inBrowser ?? false,
    clientAddress: (request) => host.clientAddress(request, beside(request)),
    requestAttributes: (request) => host.requestAttributes(request, beside(request)),
  };
}
