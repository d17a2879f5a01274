// The main job, live: a real workerd decides by a snapshot in KV which of two real origins gets a request.
// PORT: where to listen (8787). SNAPSHOT: the file to follow (demo/snapshot.json).
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { listen } from "./commands.mjs";
import { createControl } from "./control.mjs";
import { startEdge } from "./edge.mjs";
import { startOrigins } from "./origins.mjs";
import { createPage } from "./page.mjs";
import { watchText } from "./watch.mjs";

const port = Number(process.env.PORT ?? 8787);
const path = process.env.SNAPSHOT ?? fileURLToPath(new URL("snapshot.json", import.meta.url));

/** The worker looks at KV this often, in milliseconds, while requests come. */
const POLL = 500;

// Miniflare makes SIGINT and SIGTERM an exit, and ends workerd with this process; a closed terminal is left to us.
process.once("SIGHUP", () => process.exit(129));

main().catch((error) => {
  console.error(`demo: ${error.message}`);
  process.exit(1);
});

async function main() {
  const text = await readFile(path, "utf8");
  const snapshot = JSON.parse(text);
  const edge = await startEdge(port, (request) => page(request));
  const control = createControl(edge, await startOrigins(snapshot));
  const page = createPage(edge.url, control);
  await edge.put(text);
  watchText(path, (edited) => publish(edge, edited).catch((error) => console.error(`demo: ${error.message}`)));
  await decided(edge.url);
  console.log(`ready ${edge.url}`);
  console.log(`to watch it: ${edge.url}/__pointsman/`);
  listen(control);
}

/**
 * Bad text is published too: it is the engine's to refuse, and it goes on with the last good snapshot.
 * @param {import("./edge.mjs").Edge} edge
 * @param {string} text
 */
async function publish(edge, text) {
  await edge.put(text);
  console.log(`${relative("", path)} is in KV`);
  // A request makes the worker look, and log what it thinks of it, even if nobody else asks.
  await sleep(POLL + 100);
  await ask(edge.url);
}

/** Until a request is not only answered but decided. @param {string} url */
async function decided(url) {
  const end = Date.now() + 15_000;
  while (Date.now() < end) {
    const response = await ask(url);
    if (response?.headers.get("pointsman")?.startsWith("route=")) return;
    await sleep(50);
  }
  throw new Error(`no request was decided in 15 s: does ${relative("", path)} have a route for ${url}/ ?`);
}

/** @param {string} url @returns {Promise<Response | null>} */
function ask(url) {
  return fetch(url, { method: "HEAD" }).catch(() => null);
}
