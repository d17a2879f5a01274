import { COOKIE_BYTES } from "../trust/limits.js";
import { cookie } from "./cookie.js";

/** The name of the header, the query parameter and the cookie that carry override tokens. */
export const OVERRIDE = "pointsman-override";

/** The longest that a browser may keep the cookie, in seconds: 400 days (RFC 6265bis, section 5.5). */
const LONGEST = 400 * 24 * 60 * 60;

/** Override tokens as a request offers them, unverified. */
export interface Offered {
  /** Joined by `~`; empty where an empty header or parameter says that the cookie's shall not count. */
  readonly tokens: string;
  readonly by: "header" | "query" | "cookie";
}

/**
 * What a request offers as overrides: the header `pointsman-override`, else the query parameters of that name, else the cookie
 * of that name; null for none. Only one of the three counts, and an empty header or parameter is there.
 */
export function offered(request: Request, url: URL): Offered | null {
  const header = request.headers.get(OVERRIDE);
  if (header !== null) return { tokens: joined(header), by: "header" };
  const values = url.searchParams.getAll(OVERRIDE);
  if (values.length > 0) return { tokens: values.join("~"), by: "query" };
  const tokens = cookie(request, OVERRIDE);
  return tokens === undefined ? null : { tokens, by: "cookie" };
}

/**
 * A URL's search without each parameter `pointsman-override`, however its name is escaped; the others byte for byte.
 * @param search - as `URL` gives it: empty, or with its question mark.
 */
export function withoutOverride(search: string): string {
  const all = search.slice(1).split("&");
  const others = all.filter((parameter) => !isOverride(parameter));
  if (others.length === all.length) return search;
  return others.length === 0 ? "" : `?${others.join("&")}`;
}

/** A `Cookie` header's value without each cookie `pointsman-override`, the others byte for byte; null when nothing is left. */
export function cookieWithoutOverride(header: string): string | null {
  const all = header.split(";");
  const others = all.filter((pair) => nameOf(pair) !== OVERRIDE);
  const left = others.length === all.length ? header : others.join(";").trim();
  return left === "" ? null : left;
}

/**
 * The `Set-Cookie` value that keeps the tokens. Those that a browser wouldn't keep, for all of them would be too long, are left
 * out from the end; so is what has not a token's form, which could hold attributes of its own.
 * @param seconds - how long; 0 or less, or NaN, ends the cookie at once.
 */
export function overrideCookie(tokens: string, seconds: number): string {
  const age = seconds > 0 ? Math.min(Math.floor(seconds), LONGEST) : 0;
  return `${OVERRIDE}=${fitting(tokens)}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${age}`;
}

/** Several headers of one name arrive as one, with commas (RFC 9110, section 5.3). */
function joined(header: string): string {
  return header
    .split(",")
    .map((part) => part.trim())
    .join("~");
}

/** The question mark is what `URLSearchParams` takes off, so that one of the name's own stays. */
function isOverride(parameter: string): boolean {
  return new URLSearchParams(`?${parameter}`).has(OVERRIDE);
}

function nameOf(pair: string): string | undefined {
  return pair.split("=", 1)[0]?.trim();
}

function fitting(tokens: string): string {
  let kept = "";
  for (const token of tokens.split("~").filter(isToken)) {
    const longer = kept === "" ? token : `${kept}~${token}`;
    if (OVERRIDE.length + longer.length > COOKIE_BYTES) break;
    kept = longer;
  }
  return kept;
}

function isToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+$/.test(text);
}
