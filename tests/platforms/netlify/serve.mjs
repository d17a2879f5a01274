// In Netlify's place: hands each request to the edge function with a context, as Netlify's own bootstrap does, in Deno.
globalThis.Netlify = { env: Deno.env };
const { default: edgeFunction } = await import("../../../examples/netlify/pointsman.mjs");
const { CLIENT: ip, COUNTRY: code, SITE } = Deno.env.toObject();

const kept = [];
const next = (request) => {
  const { pathname, search } = new URL(request.url);
  return fetch(SITE + pathname + search, request);
};

Deno.serve({ hostname: "127.0.0.1", port: 0 }, (request, { remoteAddr }) => {
  if (new URL(request.url).pathname === "/kept") return new Response(String(kept.length));
  const context = {
    ip: ip ?? remoteAddr.hostname,
    geo: { country: { code } },
    next,
    waitUntil: (work) => kept.push(work),
  };
  return edgeFunction(request, context);
});
