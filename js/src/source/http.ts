import { boundedBytes } from "./body.js";
import { lifetimeOf, secondsIn } from "./cache-control.js";
import type { Aged, SnapshotSource } from "./source.js";

/** The part of `fetch` that is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How a snapshot is read over HTTP. */
export interface HttpOptions {
  /** Request headers: an `authorization`, say. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Asks in place of the platform's own `fetch`: a service binding's, say. */
  readonly fetch?: Fetch;
  /** The longest body taken, in bytes after decoding. Default 8 MiB, as the engine's. */
  readonly maxBytes?: number;
}

/** What the server gave last. Times are in milliseconds. */
interface Held {
  readonly snapshot: Uint8Array;
  readonly etag: string | null;
  readonly signature: string | null;
  /** When the server itself last said so, not a cache on the way. */
  readonly confirmedAt: number;
  /** From then on, for so long it need not be asked. */
  readonly lifetime: number;
}

const DEFAULT_BYTES = 8 << 20;
/** The response header with the snapshot's signatures. */
const SIGNATURE = "pointsman-signature";

/**
 * The snapshot at an address. It is asked for with the `ETag` of what is held, and a 304 confirms that. Within `max-age` nobody is
 * asked, but for at most five minutes. Every status but 200 and 304 is an error, and so is a redirect.
 */
export function httpSource(url: string | URL, options: HttpOptions = {}): SnapshotSource {
  const where = String(url);
  let held: Held | null = null;
  return {
    async read(signal) {
      if (held === null || !isFresh(held)) held = await ask(where, options, held, signal);
      return aged(held);
    },
    forget: () => void (held = null),
  };
}

function isFresh({ confirmedAt, lifetime }: Held): boolean {
  const age = Date.now() - confirmedAt;
  // A clock that was set back must not put the next question off.
  return age >= 0 && age < lifetime;
}

function aged({ snapshot, confirmedAt, signature }: Held): Aged {
  return { snapshot, age: Date.now() - confirmedAt, signature };
}

async function ask(
  url: string,
  options: HttpOptions,
  held: Held | null,
  signal: AbortSignal | undefined,
): Promise<Held> {
  const response = await sent(url, options, held?.etag ?? null, signal);
  const { status, headers } = response;
  // Only who sent an ETag can be told so.
  if (status === 304 && held !== null && held.etag !== null) return confirmed(held, headers);
  if (status !== 200) {
    await response.body?.cancel();
    throw new Error(`${shown(url)} answered ${answerOf(response)}`);
  }
  const snapshot = await boundedBytes(response, options.maxBytes ?? DEFAULT_BYTES);
  return { snapshot, etag: headers.get("etag"), signature: headers.get(SIGNATURE), ...validity(headers) };
}

/** What was signed anew since has a new signature, and its bytes are the same. */
function confirmed(held: Held, headers: Headers): Held {
  return { ...held, signature: headers.get(SIGNATURE) ?? held.signature, ...validity(headers) };
}

/** Redirects are not followed: workerd has no `redirect: "error"`. */
async function sent(
  url: string,
  options: HttpOptions,
  etag: string | null,
  signal: AbortSignal | undefined,
): Promise<Response> {
  // Called as a function: the platform's own has no use for an options object as its `this`.
  const fetch: Fetch = options.fetch ?? ((address, init) => globalThis.fetch(address, init));
  const headers = { ...options.headers, ...(etag === null ? {} : { "if-none-match": etag }) };
  try {
    return await fetch(url, { headers, redirect: "manual", ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    throw new Error(`${shown(url)} can't be reached: ${reasonOf(error)}`, { cause: error });
  }
}

function validity(headers: Headers): Pick<Held, "confirmedAt" | "lifetime"> {
  return { confirmedAt: Date.now() - 1_000 * secondsIn(headers.get("age")), lifetime: lifetimeOf(headers) };
}

/** A page is not told the status of a redirect. */
function answerOf({ type, status }: Response): string {
  return type === "opaqueredirect" ? "with a redirect" : String(status);
}

/** Without what may be secret. */
function shown(url: string): string {
  return url.replace(/[?#][^]*$/, "");
}

/** Node says `fetch failed`, and why in the cause. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  return cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
}
