// A worker that tells a collector who was served what, and `/own` what it shows by itself.
import { cookie, createHandler } from "../../../js/dist/cloudflare.js";
import { createExposures, observe, sendTo } from "../../../js/dist/exposure.js";
import { createEngine } from "../../../js/dist/workerd.js";

/** @typedef {{ COLLECTOR: string }} Env */

/** @type {import("../../../js/dist/exposure.js").Exposures | undefined} */
let exposures;
/** @param {Env} env */
const exposuresOf = (env) => (exposures ??= createExposures({ send: sendTo(env.COLLECTOR), flushInterval: 300 }));

const handler = createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  exposures: (/** @type {Env} */ env) => exposuresOf(env),
  debugHeader: true,
  interval: 200,
  patience: 200,
});

const own = { flags: { button: { enabled: true, rolloutPercentage: 50 } } };

export default {
  /** @param {Request} request @param {Env} env @param {{ waitUntil(work: Promise<unknown>): void }} ctx */
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url);
    const { sent = 0, dropped = 0, pending = 0 } = exposures ?? {};
    if (pathname === "/counts") return Response.json({ sent, dropped, pending });
    if (pathname !== "/own") return handler.fetch(request, env, ctx);
    const engine = observe(await createEngine({ snapshot: own }), exposuresOf(env), ctx);
    return new Response(String(engine.isEnabled("button", { userId: cookie(request, "uid") })));
  },
};
