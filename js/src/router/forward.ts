import { requestHeaders } from "./headers.js";
import type { Platform } from "./options.js";

/** A body that is a stream must be announced as such (Fetch standard); TypeScript's types don't know it yet. */
type StreamingInit = RequestInit & { duplex: "half" };

/**
 * Sends the request on to an origin: same method, path, query and body, streamed. Redirects are the client's to follow.
 * A client that goes away aborts it.
 */
export async function forward(request: Request, origin: string, platform: Platform): Promise<Response> {
  const url = new URL(request.url);
  const init: StreamingInit = {
    method: request.method,
    headers: requestHeaders(request, url, platform),
    body: mayHaveBody(request) ? request.body : null,
    redirect: "manual",
    signal: request.signal,
    duplex: "half",
  };
  const response = await fetch(origin + url.pathname + url.search, init);
  await refuseOddStatus(response);
  return response;
}

/** The Fetch standard forbids a body on GET and HEAD, and RFC 9110 gives it no meaning; `fetch` drops its length. */
function mayHaveBody(request: Request): boolean {
  return request.method !== "GET" && request.method !== "HEAD";
}

/** Origins may send any three digits; `Response` can be made with 200 to 599 and workerd's 101, and throws for others. */
async function refuseOddStatus({ status, type, body }: Response): Promise<void> {
  if (type === "opaqueredirect" || status === 101 || (status >= 200 && status <= 599)) return;
  await body?.cancel();
  throw new RangeError(`the status ${status} can't be handed on`);
}
