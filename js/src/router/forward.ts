import type { Upstream } from "../types.js";
import { requestHeaders } from "./headers.js";
import type { Platform } from "./options.js";
import { withoutOverride } from "./override.js";

/** A body that is a stream must be announced as such (Fetch standard); TypeScript's types don't know it yet. */
type StreamingInit = RequestInit & { duplex?: "half" };

/** The backend did not begin to answer within its timeout. */
export class UpstreamTimeout extends Error {
  override readonly name = "UpstreamTimeout";
}

/** The backend answered, with a status that can't be handed on. */
export class OddStatus extends RangeError {
  override readonly name = "OddStatus";
}

/**
 * Sends the request on to a backend: same method, path, query and body, streamed. Redirects are the client's to follow.
 * A client that goes away aborts it.
 * @throws UpstreamTimeout, OddStatus, and whatever `fetch` throws where there is no connection.
 */
export async function forward(request: Request, upstream: Upstream, platform: Platform): Promise<Response> {
  const url = new URL(request.url);
  const sending = platform.inBrowser === true ? await browserInit(request) : edgeInit(request);
  const deadline = deadlineOf(request.signal, isTimed(request) ? upstream.timeoutMs : null);
  const init: StreamingInit = {
    ...sending,
    method: request.method,
    headers: requestHeaders(request, url, platform, upstream.headers),
    signal: deadline.signal,
  };
  const response = await deadline.within(
    fetch(upstream.origin + upstream.pathPrefix + url.pathname + withoutOverride(url.search), init),
  );
  await refuseOddStatus(response);
  return response;
}

/** The body streams, and redirects are the client's to follow. */
function edgeInit(request: Request): StreamingInit {
  return { body: mayHaveBody(request) ? request.body : null, redirect: "manual", duplex: "half" };
}

/**
 * As the page asked: what follows redirects may not be handed one (Fetch standard, "HTTP fetch"). The body is whole, as Chromium
 * streams uploads over HTTP/2 and newer alone, and the others not at all.
 */
async function browserInit(request: Request): Promise<RequestInit> {
  const { credentials, redirect } = request;
  return { credentials, redirect, body: mayHaveBody(request) ? await request.arrayBuffer() : null };
}

/** Small enough that its client's line hardly tells in what a backend takes, in bytes. */
const TIMED_BODY_BYTES = 64 << 10;

/** A backend's time begins when it has the whole request, and nobody here sees when it has: a large body is as slow as its client. */
function isTimed(request: Request): boolean {
  const length = request.headers.get("content-length");
  return request.body === null || (length !== null && Number(length) <= TIMED_BODY_BYTES);
}

/** What ends a request: its client, or its time. */
interface Deadline {
  readonly signal: AbortSignal;
  /** @throws UpstreamTimeout in place of the abort that it was. */
  within(response: Promise<Response>): Promise<Response>;
}

/** The timer ends with the response's headers: a body may take as long as it takes. */
function deadlineOf(client: AbortSignal, timeoutMs: number | null): Deadline {
  if (timeoutMs === null) return { signal: client, within: (response) => response };
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, timeoutMs);
  return {
    signal: AbortSignal.any([client, late.signal]),
    async within(response) {
      try {
        return await response;
      } catch (error) {
        if (!late.signal.aborted || client.aborted) throw error;
        throw new UpstreamTimeout(`no response within ${timeoutMs} ms`, { cause: error });
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** The Fetch standard forbids a body on GET and HEAD, and RFC 9110 gives it no meaning; `fetch` drops its length. */
function mayHaveBody(request: Request): boolean {
  return request.method !== "GET" && request.method !== "HEAD";
}

/**
 * Origins may send any three digits; `Response` can be made with 200 to 599, and workerd's with 101 where a WebSocket comes with
 * it. It throws for others.
 */
async function refuseOddStatus(response: Response & { webSocket?: unknown }): Promise<void> {
  const { status, type, body, webSocket } = response;
  if (type === "opaqueredirect" || (status === 101 && webSocket) || (status >= 200 && status <= 599)) return;
  await body?.cancel();
  throw new OddStatus(`the status ${status} can't be handed on`);
}
