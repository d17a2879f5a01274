/**
 * The value of a request's cookie, as it was sent; undefined where there is none, or an empty one.
 * For `context`: `(request) => ({ userId: cookie(request, "uid") })`. A client can send any value: see what flags are not.
 */
export function cookie(request: Request, name: string): string | undefined {
  const pairs = (request.headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  return found?.slice(name.length + 1).replace(/^"(.*)"$/, "$1") || undefined;
}
