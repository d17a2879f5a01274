// A worker as users write it, that takes override tokens; GET /faults tells how often each fault was injected.
import { createEngine } from "../../../js/dist/workerd.js";
import { cookie, createHandler } from "../../../js/dist/cloudflare.js";

export default createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  overrides: (/** @type {{ OVERRIDE_KEY: string }} */ env) => ({ key: env.OVERRIDE_KEY, scope: "shop.example" }),
  passThrough: () => new Response("no route\n", { status: 404 }),
  debugHeader: true,
  interval: 100,
  patience: 200,
});
