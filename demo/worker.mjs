import { cookie, createHandler } from "../js/dist/cloudflare.js";
import { createEngine } from "../js/dist/workerd.js";

export default createHandler({
  createEngine,
  // The KV binding whose key `snapshot.json` holds the snapshot.
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  debugHeader: true,
  // An edit shows within half a second of traffic; after a pause the first request waits for it.
  interval: 500,
  patience: 250,
  // This worker stands alone: there is no site of its own behind it.
  passThrough: () => new Response("no route matches this request\n", { status: 404 }),
});
