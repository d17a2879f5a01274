// deno serve --allow-net --allow-env --allow-read server.mjs: SNAPSHOT names a URL, or a file.
import { createEngine } from "pointsman";
import { cookie, createHandler } from "pointsman/deno";

export default createHandler({
  createEngine,
  snapshot: Deno.env.get("SNAPSHOT"),
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});
