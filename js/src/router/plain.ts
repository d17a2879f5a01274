/** The router's own answers. They name what the snapshot names, never an address. */

/** No route matches, and there is no origin to pass the request through to. */
export function notFound(): Response {
  return plain(404, "no route matches this request");
}

/** The origin refused the connection, or broke it before it answered. */
export function badGateway(who: string): Response {
  return plain(502, `${who} can't be reached`);
}

/** The origin did not begin to answer in time. */
export function gatewayTimeout(who: string): Response {
  return plain(504, `${who} did not answer in time`);
}

/** These have no body, and `Response` refuses one (Fetch standard, "null body status"). */
export const NO_BODY = new Set([101, 204, 205, 304]);

/** In place of the backend's answer, on purpose. */
export function faultInjected(status: number): Response {
  const headers = { "cache-control": "no-store" };
  return NO_BODY.has(status) ? new Response(null, { status, headers }) : plain(status, "a fault was injected");
}

/** There is no engine yet, and nowhere to send the request without one. */
export function unavailable(): Response {
  return plain(503, "no snapshot has been loaded yet", { "retry-after": "1" });
}

/** For a client that is gone: nobody reads it. nginx's status for it, as logs know it. */
export function clientGone(): Response {
  return new Response(null, { status: 499 });
}

function plain(status: number, sentence: string, more: Record<string, string> = {}): Response {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...more };
  return new Response(`${status}: ${sentence}\n`, { status, headers });
}
