import { cookieValue } from "../cookies.js";

/**
 * The value of a request's cookie, as it was sent; undefined where there is none, or an empty one.
 * For `context`: `(request) => ({ userId: cookie(request, "uid") })`. A client can send any value: see what flags are not.
 */
export function cookie(request: Request, name: string): string | undefined {
  return cookieValue(request.headers.get("cookie") ?? "", name) || undefined;
}
