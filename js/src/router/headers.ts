import { DEBUG_HEADER } from "./debug.js";
import type { Platform } from "./options.js";
import { cookieWithoutOverride } from "./override.js";

/** RFC 9110, section 7.6.1, and what older clients and servers send: about one connection, never forwarded. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
];

/** What only a trusted edge may say of a client's address, in the names that proxies and platforms have for it. */
const CLAIMS = [
  "cf-connecting-ip",
  "cf-connecting-ipv6",
  "client-ip",
  "fastly-client-ip",
  "fly-client-ip",
  "forwarded",
  "true-client-ip",
  "x-client-ip",
  "x-cluster-client-ip",
  "x-nf-client-connection-ip",
  "x-real-ip",
];

/** Families of such names. */
const CLAIMING = ["x-forwarded-", "x-original-forwarded-", "x-vercel-forwarded-"];

/**
 * The headers that a backend gets.
 * @param more - the backend's own, which the snapshot's check has kept from being about the connection or the client.
 */
export function requestHeaders(
  request: Request,
  url: URL,
  platform: Platform,
  more: { readonly [name: string]: string },
): Headers {
  const headers = new Headers(request.headers);
  // The connection to the client names what to drop, so this comes before anything of ours is set.
  dropHopByHop(headers, platform);
  dropClaims(headers);
  // The platform writes the backend's own, and has answered `Expect` itself: the body is on its way.
  for (const name of ["host", "expect"]) headers.delete(name);
  // A `fetch` that decodes bodies must ask for what it can decode.
  if (!platform.keepsEncoding) headers.delete("accept-encoding");
  if (platform.inBrowser !== true) setForwarded(headers, url, platform.clientAddress(request));
  for (const [name, value] of Object.entries(more)) headers.set(name, value);
  return headers;
}

/** The headers that a client gets of a backend's response. */
export function responseHeaders(response: Response, platform: Platform): Headers {
  const headers = new Headers(response.headers);
  dropHopByHop(headers, platform);
  dropOurs(headers);
  if (!platform.keepsEncoding && headers.has("content-encoding")) {
    // The body is decoded by now; its length is unknown.
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  }
  return headers;
}

function dropHopByHop(headers: Headers, platform: Platform): void {
  const named = (headers.get("connection") ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...named.filter(isToken), ...HOP_BY_HOP]) {
    if (name !== "upgrade") headers.delete(name);
  }
  if (!isWebSocket(headers, platform)) headers.delete("upgrade");
}

function isWebSocket(headers: Headers, platform: Platform): boolean {
  return platform.webSockets && headers.get("upgrade")?.toLowerCase() === "websocket";
}

/** `Headers` throws for anything else. */
function isToken(name: string): boolean {
  return /^[\w!#$%&'*+\-.^`|~]+$/.test(name);
}

function dropClaims(headers: Headers): void {
  dropOurs(headers);
  dropOverride(headers);
  for (const name of [...headers.keys()]) {
    if (isClaim(name)) headers.delete(name);
  }
}

/** CGI's variables, and what has them for a model, tell `_` and `-` in a header's name not apart (RFC 3875, section 4.1.18). */
function isClaim(name: string): boolean {
  const plain = name.replaceAll("_", "-");
  return CLAIMS.includes(plain) || CLAIMING.some((family) => plain.startsWith(family));
}

function dropOurs(headers: Headers): void {
  for (const name of [...headers.keys()]) {
    if (name === DEBUG_HEADER || name.startsWith(`${DEBUG_HEADER}-`)) headers.delete(name);
  }
}

/** Tokens are this router's to read, and no origin's to see. */
function dropOverride(headers: Headers): void {
  const cookies = headers.get("cookie");
  if (cookies === null) return;
  const others = cookieWithoutOverride(cookies);
  if (others === null) headers.delete("cookie");
  else if (others !== cookies) headers.set("cookie", others);
}

/** Set, never appended to: this is the edge, and what came before it is only the client's word. */
function setForwarded(headers: Headers, url: URL, client: string | null): void {
  headers.set("x-forwarded-host", url.host);
  headers.set("x-forwarded-proto", url.protocol.slice(0, -1));
  if (client !== null) headers.set("x-forwarded-for", client);
}
