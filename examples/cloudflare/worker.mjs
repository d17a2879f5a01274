// A Cloudflare Worker: the KV namespace bound as SNAPSHOTS holds the snapshot under the key snapshot.json.
import { createEngine } from "pointsman";
import { cookie, createHandler } from "pointsman/cloudflare";

export default createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});
