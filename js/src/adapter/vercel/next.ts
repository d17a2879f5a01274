/**
 * A middleware's answer that lets the request go on to the site. Vercel's proxy reads it from the headers, as `next` and
 * `rewrite` of `@vercel/functions` write them.
 * @param request - as it came, but without override tokens.
 */
export function goOn(request: Request, original: Request): Response {
  if (request === original) return new Response(null, { headers: { "x-middleware-next": "1" } });
  // The request that goes on is the one that came, and tokens are not the site's to see: its URL and headers are replaced.
  const headers = new Headers({ "x-middleware-rewrite": request.url });
  for (const [name, value] of request.headers) headers.set(`x-middleware-request-${name}`, value);
  headers.set("x-middleware-override-headers", [...request.headers.keys()].join(","));
  return new Response(null, { headers });
}
