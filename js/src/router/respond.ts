import type { RouteDecision } from "../types.js";
import { keepOut, keepPrivate } from "./cache.js";
import { DEBUG_HEADER } from "./debug.js";
import { responseHeaders } from "./headers.js";
import type { Platform } from "./options.js";
import { NO_BODY } from "./plain.js";

/** workerd's responses carry the socket of an accepted handshake. */
type SocketInit = ResponseInit & { webSocket?: unknown };

/**
 * The backend's response as the client gets it: its body streamed, the visitor's cookie added.
 * @param decision - null when there was no engine to decide.
 * @param debug - the debug header's value, or null for none.
 * @param cookies - `Set-Cookie` values to add to the visitor's.
 */
export function respond(
  response: Response,
  decision: RouteDecision | null,
  platform: Platform,
  debug: string | null,
  cookies: readonly string[] = [],
): Response {
  // In a service worker the page follows such a redirect itself; nothing of it can be read or changed.
  if (response.type === "opaqueredirect") return response;
  const headers = responseHeaders(response, platform);
  if (decision !== null) mark(headers, decision);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  if (cookies.length > 0) keepPrivate(headers);
  if (debug !== null) headers.set(DEBUG_HEADER, debug);
  return new Response(NO_BODY.has(response.status) ? null : response.body, { ...statusOf(response), headers });
}

function mark(headers: Headers, { setCookie, cache }: RouteDecision): void {
  if (setCookie !== null) headers.append("set-cookie", setCookie);
  if (cache?.plan === "none") keepOut(headers);
  else if (setCookie !== null || cache !== null) keepPrivate(headers);
}

function statusOf(response: Response & { webSocket?: unknown }): SocketInit {
  const { status, statusText, webSocket } = response;
  return webSocket ? { status, statusText, webSocket } : { status, statusText };
}
