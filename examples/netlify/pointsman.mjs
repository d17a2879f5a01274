// A Netlify edge function, in netlify/edge-functions: SNAPSHOT_URL names where the snapshot is. Netlify takes no .wasm along.
import { createEngine } from "pointsman/inline";
import { cookie, createHandler } from "pointsman/netlify";

export default createHandler({
  createEngine,
  snapshot: Netlify.env.get("SNAPSHOT_URL"),
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});

export const config = { path: "/*" };
