// A Vercel middleware, in front of the site: SNAPSHOT_URL names where the snapshot is.
import { createEngine } from "pointsman";
import { cookie, createHandler } from "pointsman/vercel";

export default createHandler({
  createEngine,
  snapshot: process.env.SNAPSHOT_URL,
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});
