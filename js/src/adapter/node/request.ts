import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf } from "./body.js";

/** A body that is a stream must be announced as such (Fetch standard); TypeScript's types don't know it yet. */
type StreamingInit = RequestInit & { duplex: "half" };

/**
 * What Node has read as a Fetch request; aborted when its client leaves. Null for what can't be one: a `Host` that is no host,
 * a method that the standard forbids.
 */
export function requestOf(incoming: IncomingMessage, outgoing: ServerResponse): Request | null {
  try {
    const { method = "GET" } = incoming;
    const init: StreamingInit = { method, headers: headersOf(incoming), signal: leaving(outgoing), duplex: "half" };
    return new Request(urlOf(incoming), hasBody(incoming) ? { ...init, body: bodyOf(incoming) } : init);
  } catch {
    return null;
  }
}

/** @throws TypeError where there is no such URL. */
function urlOf({ url = "/", headers, socket }: IncomingMessage): string {
  const scheme = "encrypted" in socket ? "https" : "http";
  // The form that proxies are asked in (RFC 9112, section 3.2.2): its host goes before the header's. Its scheme is the client's word.
  if (/^https?:\/\//i.test(url)) return url.replace(/^https?/i, scheme);
  const { host = "" } = headers;
  // Anything else would move part of the host into the path or the user's name, or the other way round.
  if (!url.startsWith("/") || !/^[\w.:[\]-]+$/.test(host)) throw new TypeError("no origin-form, or no host");
  return `${scheme}://${host}${url}`;
}

/** As they came, each value of a name that came several times. */
function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  return headers;
}

/** The Fetch standard forbids it on GET and HEAD, and RFC 9110 gives it no meaning there. */
function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === "GET" || method === "HEAD") return false;
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function leaving(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  return gone.signal;
}
