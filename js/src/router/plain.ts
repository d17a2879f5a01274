/** The router's own answers. They name what the snapshot names, never an address. */

/** No route matches, and there is no origin to pass the request through to. */
export function notFound(): Response {
  return plain(404, "no route matches this request");
}

/** The origin refused the connection, or broke it before it answered. */
export function badGateway(who: string): Response {
  return plain(502, `${who} can't be reached`);
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
