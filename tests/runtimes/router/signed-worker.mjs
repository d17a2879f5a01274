// A worker whose snapshot is signed, with a copy in the data centre's cache. Each value of `x-isolate` is a cold start.
import { createHandler } from "../../../js/dist/cloudflare.js";
import { cached, httpSource, signed } from "../../../js/dist/source.js";
import { createEngine } from "../../../js/dist/workerd.js";

/** @type {Map<string | null, ReturnType<typeof createHandler>>} */
const handlers = new Map();

/** @param {{ STORE: string, FLAGS_KEY: string }} env */
const handler = (env) =>
  createHandler({
    createEngine,
    snapshot: () =>
      signed(
        cached(httpSource(env.STORE), () => caches.open("pointsman")),
        { keys: [env.FLAGS_KEY] },
      ),
    context: () => ({ userId: "dave" }),
    debugHeader: true,
    interval: 50,
    onError: (error) => console.log(/** @type {{ code?: string }} */ (error).code),
  });

export default {
  fetch(request, env, ctx) {
    const isolate = request.headers.get("x-isolate");
    if (!handlers.has(isolate)) handlers.set(isolate, handler(env));
    return handlers.get(isolate)?.fetch(request, env, ctx);
  },
};
