import { cookie, createCoordinator, createHandler } from "../js/dist/cloudflare.js";
import { createEngine } from "../js/dist/workerd.js";

// Judges what all isolates counted: the Durable Object behind the binding GUARDS.
export const Guards = createCoordinator({ createEngine, snapshot: "SNAPSHOTS", interval: 500 });

const handler = createHandler({
  createEngine,
  // The KV binding whose key `snapshot.json` holds the snapshot.
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  debugHeader: true,
  // An edit shows within half a second of traffic; after a pause the first request waits for it.
  interval: 500,
  patience: 250,
  coordinator: "GUARDS",
  reportInterval: 1_000,
  // This worker stands alone: there is no site of its own behind it.
  passThrough: () => new Response("no route matches this request\n", { status: 404 }),
});

/** The demo's own page is no traffic of the site: neither decided nor counted. */
const PAGE = "/__pointsman/";

export default {
  /** @type {(typeof handler)["fetch"]} */
  fetch(request, env, ctx) {
    const isPage = new URL(request.url).pathname.startsWith(PAGE);
    return isPage ? /** @type {any} */ (env).PAGE.fetch(request) : handler.fetch(request, env, ctx);
  },
};
