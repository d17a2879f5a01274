import { createServer } from "node:http";
import { once } from "node:events";

/**
 * Starts a real HTTP origin for each backend of a snapshot; each answers with its name.
 * @param {{ backends: Record<string, { origin: string }> }} snapshot
 */
export function startOrigins({ backends }) {
  return Promise.all(Object.entries(backends).map(([name, { origin }]) => startOrigin(name, new URL(origin))));
}

/** @param {string} name @param {URL} origin */
async function startOrigin(name, origin) {
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8", "x-origin": name });
    response.end(`${name} answers ${request.method} ${request.url}\n`);
  });
  server.listen(Number(origin.port), origin.hostname);
  await once(server, "listening").catch((error) => {
    throw new Error(`${error.message}; it is the origin of "${name}" in the snapshot, choose another there`);
  });
}
