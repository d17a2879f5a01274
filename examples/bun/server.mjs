// bun server.mjs: SNAPSHOT names a URL, or a file; PORT is where it listens.
import { createEngine } from "pointsman";
import { cookie, createHandler } from "pointsman/bun";

export default createHandler({
  createEngine,
  snapshot: process.env.SNAPSHOT,
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});
