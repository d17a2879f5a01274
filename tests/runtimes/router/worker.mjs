// A worker as users write it; `uid` names the visitor.
import { cookie, createHandler } from "../../../js/dist/cloudflare.js";
import { createEngine } from "../../../js/dist/workerd.js";

export default createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  passThrough: (request) =>
    new Response(`passed through: ${request.method} ${new URL(request.url).pathname}`, { status: 404 }),
  debugHeader: true,
  interval: 200,
  patience: 200,
});
