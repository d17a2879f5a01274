// A worker whose snapshot comes over HTTP, with a copy in the data centre's cache. Each value of `x-isolate` is a cold start.
import { createHandler } from "../../../js/dist/cloudflare.js";
import { cached, httpSource } from "../../../js/dist/source.js";
import { createEngine } from "../../../js/dist/workerd.js";

/** @type {Map<string | null, ReturnType<typeof createHandler>>} */
const handlers = new Map();

/** @param {{ STORE: string }} env */
const handler = (env) =>
  createHandler({
    createEngine,
    snapshot: () => cached(httpSource(env.STORE), () => caches.open("pointsman")),
    context: () => ({ userId: "dave" }),
    debugHeader: true,
    interval: 50,
    timeout: 300,
  });

export default {
  fetch(request, env, ctx) {
    const isolate = request.headers.get("x-isolate");
    if (!handlers.has(isolate)) handlers.set(isolate, handler(env));
    return handlers.get(isolate)?.fetch(request, env, ctx);
  },
};
