import type { EngineOption } from "./supply.js";
import type { EvaluationContext } from "../types.js";
import type { Keeper } from "../source/source.js";

/** What a platform's `fetch` does beyond the Fetch standard. */
export interface Platform {
  /** `fetch` makes WebSocket handshakes, and a `Response` hands the socket on. Otherwise upgrades are not asked for. */
  readonly webSockets: boolean;
  /** Bodies with a `Content-Encoding` pass through as they came; the standard decodes them and leaves the header. */
  readonly keepsEncoding: boolean;
  /** The client's address, from where the platform itself puts it; null when unknown. */
  readonly clientAddress: (request: Request) => string | null;
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
  /** Answers a request that no route matches. Default: 404. */
  readonly passThrough?: (request: Request) => Response | Promise<Response>;
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
}

/** What `fetch` does where nothing but the Fetch standard is known. */
export const STANDARD: Platform = { webSockets: false, keepsEncoding: false, clientAddress: () => null };
