import { verifyOverrides } from "../trust/overrides.js";
import type { Override } from "../types.js";
import type { OverrideOptions } from "./options.js";
import { cookieWithoutOverride, offered, OVERRIDE, overrideCookie, withoutOverride } from "./override.js";

/** What a request may preview. */
export interface Preview {
  readonly overrides: readonly Override[];
  /** The cookie that keeps tokens from a link, or ends that. */
  readonly cookies: readonly string[];
}

const NOTHING: Preview = { overrides: [], cookies: [] };

/**
 * The overrides that a request's tokens are good for. A link sets the cookie, so that the pages behind it are previewed as well; a
 * link without tokens ends it.
 */
export async function previewOf(request: Request, options: OverrideOptions | undefined): Promise<Preview> {
  if (options === undefined) return NOTHING;
  const url = new URL(request.url);
  const found = offered(request, url);
  if (found === null) return NOTHING;
  const { key, scope = url.host } = options;
  const overrides = await verifyOverrides(found.tokens, { key, scope });
  if (found.by !== "query") return { overrides, cookies: [] };
  if (found.tokens === "") return { overrides, cookies: [overrideCookie("", 0)] };
  const seconds = (Math.max(...overrides.map(({ expires }) => expires)) - Date.now()) / 1_000;
  return { overrides, cookies: overrides.length === 0 ? [] : [overrideCookie(found.tokens, seconds)] };
}

/** The request without the tokens that it offers; the same one where it offers none. */
export function withoutTokens(request: Request): Request {
  const url = new URL(request.url);
  if (offered(request, url) === null) return request;
  url.search = withoutOverride(url.search);
  const clean = new Request(url, request);
  clean.headers.delete(OVERRIDE);
  const cookies = cookieWithoutOverride(clean.headers.get("cookie") ?? "");
  if (cookies === null) clean.headers.delete("cookie");
  else clean.headers.set("cookie", cookies);
  return clean;
}
