import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

const DIST = new URL("../dist/", import.meta.url);

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * The built site behind a plain file server, in a folder of its own: the site must not care where it stands.
 * @returns {Promise<{ url: string, stop: () => Promise<unknown> }>}
 */
export async function startSite() {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site.invalid");
    const name = pathname.replace(/^\/some\/folder\//, "").replace(/^$/, "index.html");
    const body = await readFile(new URL(name, DIST)).catch(() => null);
    response.writeHead(body === null ? 404 : 200, { "content-type": TYPES[extname(name)] ?? "text/plain" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}/some/folder/`, stop };
}
