import type { EngineOption } from "./supply.js";
import type { Exposures } from "../exposure/exposures.js";
import type { EvaluationContext } from "../types.js";
import type { Keeper } from "../source/source.js";
import type { OverrideKey } from "../trust/key.js";
import type { FaultCount } from "./faults.js";

/** What a platform's `fetch` does beyond the Fetch standard. */
export interface Platform {
  /** `fetch` makes WebSocket handshakes, and a `Response` hands the socket on. Otherwise upgrades are not asked for. */
  readonly webSockets: boolean;
  /** Bodies with a `Content-Encoding` pass through as they came; the standard decodes them and leaves the header. */
  readonly keepsEncoding: boolean;
  /**
   * The router runs in the visitor's own browser: it sees no cookies and can set none, has no one to forward claims for, and its
   * `fetch` takes bodies whole. Default false.
   */
  readonly inBrowser?: boolean;
  /** The client's address, from where the platform itself puts it; null when unknown. */
  readonly clientAddress: (request: Request) => string | null;
  /** The attributes `request.*` that the platform knows: `{ ip, country }`. Never from a header that a client can set. */
  readonly requestAttributes?: (request: Request) => EvaluationContext;
  /** A cache of the platform's own, for routes whose `cache` is `split`. */
  readonly cache?: () => Promise<SharedCache>;
}

/** The part of the Cache API that is used. */
export interface SharedCache {
  match(key: Request): Promise<Response | undefined>;
  put(key: Request, response: Response): Promise<void>;
}

/** How tokens that preview a variant are verified. */
export interface OverrideOptions {
  /** The key that they are signed with; while keys change, all that are still good. */
  readonly key: OverrideKey | readonly OverrideKey[];
  /** What they were minted for. Default: the host of the request, port included. */
  readonly scope?: string;
}

/** How a router decides and forwards. */
export interface RouterOptions {
  /**
   * The engine, a promise of it, a function that makes it in the first request (tried again a second after it failed),
   * or a live engine that follows a source.
   */
  readonly engine: EngineOption;
  /** What is known of the visitor, `userId` from a session say. When it fails, the request is served without. */
  readonly context?: (request: Request) => EvaluationContext | Promise<EvaluationContext>;
  /** Tell each decision in a `pointsman` response header. Default false: visitors have no need to know. */
  readonly debugHeader?: boolean;
  /** Answers a request that no route matches: as it came, but without override tokens; `original` has them. Default: 404. */
  readonly passThrough?: (request: Request, original: Request) => Response | Promise<Response>;
  /** Verifies override tokens. Without it none counts. They never reach an origin. */
  readonly overrides?: OverrideOptions;
  /** Records who was served which variant of a route's flag: `createExposures` of `pointsman/exposure`. */
  readonly exposures?: Exposures;
  /**
   * The origin that gets all requests while there is no engine. Default: they are passed through where `passThrough`
   * is given, otherwise answered with 503.
   */
  readonly fallbackOrigin?: string;
  /** Told of every failure that was answered for: no engine, a context that failed, an origin that can't be reached. Default `console.error`. */
  readonly onError?: (error: unknown) => void;
  /** Default: the Fetch standard, and client addresses unknown. */
  readonly platform?: Platform;
}

/** A router: the `fetch` of a worker. */
export interface Router {
  /** Decides, forwards and answers; never rejects. */
  fetch(request: Request, keeper?: Keeper): Promise<Response>;
  /** How often each fault was injected since this router was made. */
  faults(): readonly FaultCount[];
}

/** What `fetch` does where nothing but the Fetch standard is known. */
export const STANDARD: Platform = { webSockets: false, keepsEncoding: false, clientAddress: () => null };
