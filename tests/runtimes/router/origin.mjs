import { createServer } from "node:http";
import { once } from "node:events";

/**
 * A real HTTP origin on 127.0.0.1. Without a handler for a path it answers with what it was asked, as JSON.
 * @typedef {{ name: string, url: string, port: number, on: (path: string, handler: Handler) => void,
 *   seen: import("node:http").IncomingMessage[], server: import("node:http").Server, close: () => Promise<void> }} Origin
 * @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => unknown} Handler
 */

/** @param {string} name @returns {Promise<Origin>} */
export async function startOrigin(name) {
  /** @type {Map<string, Handler>} */
  const handlers = new Map();
  /** @type {import("node:http").IncomingMessage[]} */
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(request);
    response.setHeader("x-origin", name);
    const handler = handlers.get(new URL(request.url ?? "/", "http://origin").pathname) ?? echo;
    return handler(request, response);
  });
  // Node's 5 s end in the middle of a test: a request that is on its way on a connection just then is a 502, and rightly so.
  server.keepAliveTimeout = 120_000;
  const port = await listen(server);
  const on = handlers.set.bind(handlers);
  return { name, url: `http://127.0.0.1:${port}`, port, on, seen, server, close: () => close(server) };
}

/** @param {import("node:net").Server} server */
export async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

/** A port that nothing listens on. */
export async function closedPort() {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

/** @param {import("node:http").Server} server */
async function close(server) {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function echo(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { method, url, headers, rawHeaders } = request;
  const body = Buffer.concat(chunks).toString();
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ method, url, headers, rawHeaders, body }));
}
