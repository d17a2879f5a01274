// A worker whose KV binding was forgotten.
import { createHandler } from "../../../js/dist/cloudflare.js";
import { createEngine } from "../../../js/dist/workerd.js";

/** @type {{ fetch: (request: Request, env: any, ctx: any) => Promise<Response> } | undefined} */
let handler;

export default {
  fetch(request, env, ctx) {
    handler ??= createHandler({ createEngine, snapshot: "MISSING", fallbackOrigin: env.ORIGIN });
    return handler.fetch(request, env, ctx);
  },
};
