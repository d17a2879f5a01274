import { within } from "../source/within.js";
import type { Keeper } from "../source/source.js";
import type { RouteDecision } from "../types.js";
import { isForAll } from "./cache.js";
import { copyOf, isCopyable } from "./copy.js";
import type { Platform } from "./options.js";
import { withoutOverride } from "./override.js";

/** A cache that takes longer is as good as none, in milliseconds. */
const PATIENCE = 500;

/** Request headers that ask for something else than what a cache keeps, or that make the answer one client's own. */
const PERSONAL = [
  "authorization",
  "cache-control",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "pragma",
  "range",
  "upgrade",
];

/** The place of a response in the adapter's own cache. */
export interface Place {
  /** The response kept there; null where there is none, or the cache doesn't answer. */
  find(): Promise<Response | null>;
  /** Keeps a copy, where the response may be kept. In the background. */
  keep(response: Response, keeper: Keeper | undefined): void;
}

/** Null where the decision's plan is not `split`, the request is not for a cache, or the platform has none. */
export function placeOf(request: Request, decision: RouteDecision, platform: Platform): Place | null {
  const open = platform.cache;
  const isForCache = request.method === "GET" && PERSONAL.every((name) => !request.headers.has(name));
  if (open === undefined || !isForCache || decision.cache?.plan !== "split") return null;
  const key = new Request(keyOf(request, decision, decision.cache.key));
  return {
    find: async () => {
      const cache = await quietly(open);
      return (cache && (await quietly(() => cache.match(key)))) ?? null;
    },
    keep(response, keeper) {
      if (!mayBeKept(response)) return;
      const work = quietly(async () => {
        const copy = await copyOf(response.clone(), platform);
        if (copy !== null) await (await open()).put(key, copy);
      }, Infinity);
      keeper?.waitUntil(work);
    },
  };
}

/**
 * No two of route, backend, address and URL have one key: all but the URL are one segment each, and it comes last. No segment is
 * `..`, as each holds an escaped character.
 */
function keyOf(request: Request, { upstream }: RouteDecision, key: string): string {
  const url = new URL(request.url);
  const { origin, pathPrefix, headers } = upstream;
  const segments = [key, JSON.stringify([origin, pathPrefix, headers]), url.origin];
  const path = segments.map(encodeURIComponent).join("/");
  return `https://pointsman.invalid/${path}${url.pathname}${withoutOverride(url.search)}`;
}

/** What is said to be fresh for a while, for everybody, whatever the request's headers. */
function mayBeKept(response: Response): boolean {
  const { status, headers } = response;
  const variesBy = (headers.get("vary") ?? "").split(",").map((name) => name.trim().toLowerCase());
  const isTheSame = variesBy.every((name) => name === "" || name === "accept-encoding");
  return status === 200 && !headers.has("set-cookie") && isTheSame && isForAll(headers) && isCopyable(response);
}

/** Undefined where it fails, or takes too long: requests go on without the cache. */
async function quietly<T>(work: () => Promise<T>, patience = PATIENCE): Promise<T | undefined> {
  try {
    return await (patience === Infinity ? work() : within(work(), patience, "the cache"));
  } catch {
    return undefined;
  }
}
