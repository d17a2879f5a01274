// A worker whose snapshot comes from a store over HTTP, so that the store can fail; bindings choose the rest.
import { cookie, createHandler } from "../../../js/dist/cloudflare.js";
import { createEngine } from "../../../js/dist/workerd.js";

/** @param {{ STORE: string }} env */
async function read(env) {
  const response = await fetch(env.STORE);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error(`the store answered ${response.status}`);
  return response.text();
}

/** @type {{ fetch: (request: Request, env: any, ctx: any) => Promise<Response> } | undefined} */
let handler;

export default {
  fetch(request, env, ctx) {
    handler ??= createHandler({
      createEngine,
      snapshot: () => ({ read: () => read(env) }),
      context: (request) => {
        if (request.headers.has("x-break")) throw new Error("the session store is down");
        return { userId: cookie(request, "uid") };
      },
      debugHeader: true,
      ...env.OPTIONS,
    });
    return handler.fetch(request, env, env.UNKEPT ? { waitUntil: () => {} } : ctx);
  },
};
