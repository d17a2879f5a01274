import { createServer } from "node:http";
import { once } from "node:events";

/**
 * A real HTTP origin. `failing` is the share of requests that it answers with 503.
 * @typedef {{ name: string, failing: number, answered: number, failed: number }} Origin
 */

/**
 * Starts one for each backend of a snapshot; each answers with its name.
 * @param {{ backends: Record<string, { origin: string }> }} snapshot
 * @returns {Promise<Origin[]>}
 */
export function startOrigins({ backends }) {
  return Promise.all(Object.entries(backends).map(([name, { origin }]) => startOrigin(name, new URL(origin))));
}

/** @param {string} name @param {URL} address @returns {Promise<Origin>} */
async function startOrigin(name, address) {
  const origin = { name, failing: 0, answered: 0, failed: 0 };
  const server = createServer((request, response) => {
    origin.answered++;
    const fails = Math.random() < origin.failing;
    if (fails) origin.failed++;
    response.writeHead(fails ? 503 : 200, { "content-type": "text/plain; charset=utf-8", "x-origin": name });
    response.end(`${name} ${fails ? "fails" : "answers"} ${request.method} ${request.url}\n`);
  });
  server.listen(Number(address.port), address.hostname);
  await once(server, "listening").catch((error) => {
    throw new Error(`${error.message}; it is the origin of "${name}" in the snapshot, choose another there`);
  });
  return origin;
}
