// node server.mjs: SNAPSHOT names a URL, or a file; PORT is where it listens.
import { createServer } from "node:http";
import { createEngine } from "pointsman";
import { cookie, createHandler } from "pointsman/node";

const handler = createHandler({
  createEngine,
  snapshot: process.env.SNAPSHOT,
  context: (request) => ({ userId: cookie(request, "uid") }),
  interval: 1_000,
  debugHeader: true,
});

const server = createServer(handler).listen(process.env.PORT ?? 8080, () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  console.log(`listening on http://localhost:${port}/`);
});
