/** A handler behind a real HTTP server. */
import { createServer } from "node:http";
import { once } from "node:events";
import { Readable } from "node:stream";

/**
 * @param {(request: Request) => Promise<Response | null>} handler
 * @returns {Promise<{ url: string, seen: { path: string, status: number }[], stop: () => Promise<void> }>}
 */
export async function serve(handler) {
  /** @type {{ path: string, status: number }[]} */
  const seen = [];
  const server = createServer(async (incoming, outgoing) => {
    const response = (await handler(requestOf(incoming))) ?? new Response(null, { status: 404 });
    seen.push({ path: incoming.url ?? "", status: response.status });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, seen, stop };
}

/** @param {import("node:http").IncomingMessage} incoming */
function requestOf(incoming) {
  const { method = "GET", headers, url } = incoming;
  const body = method === "GET" || method === "HEAD" ? null : Readable.toWeb(incoming);
  const init = { method, headers: /** @type {Record<string, string>} */ (headers), body, duplex: "half" };
  return new Request(`http://${headers.host}${url}`, /** @type {RequestInit} */ (init));
}
