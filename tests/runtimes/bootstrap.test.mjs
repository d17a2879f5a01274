// No flash: in a page that was given its decisions the first frame is right already, however late the engine comes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { parseHTML } from "linkedom";
import { bootstrap, createBootstrapClient } from "../../js/dist/bootstrap.js";
import { createEngine } from "../../js/dist/node.js";
import { launch } from "./cases/browser.mjs";
import { send } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { listen } from "./router/origin.mjs";

const TOP = new URL("../../", import.meta.url);
const PAGES = "tests/runtimes/bootstrap/";
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm", html: "text/html" };

/** Milliseconds until a file is sent: the engine long after the page could be painted; the client's own files late enough for that, too. */
const DELAYS = { wasm: 1_000, js: 100, mjs: 100, html: 0 };

const variants = { buy: "Buy </script> now", order: "Order" };
/** @param {number} revision @param {string} banner */
const snapshotOf = (revision, banner) => ({
  revision,
  flags: {
    button: { enabled: true, variants, onVariant: "buy", offVariant: "order", rolloutPercentage: 0, whitelistUsers: ["alice"] }, // prettier-ignore
    banner: { enabled: true, variants: { on: banner, off: "" } },
  },
});

const engine = await createEngine({ snapshot: snapshotOf(7, "Sale"), strict: true });

/** @param {string} path */
function answerTo(path) {
  if (path === "/flags.json") return JSON.stringify(snapshotOf(8, "Sale is over"));
  const file = readFileSync(new URL(`.${path}`, TOP));
  return path.endsWith(".html")
    ? String(file).replace("BOOTSTRAP", () => bootstrap(engine, { userId: "alice" }))
    : file;
}

const server = createServer(async ({ url = "/" }, response) => {
  const ending = /** @type {keyof typeof TYPES} */ (url.split(".").at(-1));
  await new Promise((resolve) => setTimeout(resolve, DELAYS[ending] ?? 0));
  if (url === "/favicon.ico") return response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[ending] ?? "application/json" }).end(answerTo(url));
});

/** @type {string} */
let site;
/** @type {Awaited<ReturnType<typeof launch>>} */
let browser;

before(async () => {
  site = `http://127.0.0.1:${await listen(server)}/`;
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

/** What a page shows from its first frame until the engine has decided. @param {string} name */
async function watch(name) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(site + PAGES + name);
  await page.waitForFunction("document.body.dataset.handed");
  // Two frames more, for what the engine may have changed.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const seen = await page.evaluate(() => {
    const { frames_: frames, changes_: changes } = /** @type {any} */ (globalThis);
    const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
    const module = performance.getEntriesByType("resource").find(({ name }) => name.endsWith(".wasm"));
    const { handed, changed } = document.body.dataset;
    const banner = document.querySelector("p")?.textContent;
    return { frames, changes, painted, engineAt: /** @type {any} */ (module).responseEnd, handed, changed, banner };
  });
  await page.close();
  assert.deepEqual(errors, []);
  return seen;
}

test("bootstrapped: every frame shows the visitor's variant, the first one long before the engine", async (t) => {
  const { frames, changes, painted, engineAt, handed, changed, banner } = await watch("page.html");
  t.diagnostic(
    `first contentful paint ${Math.round(painted)} ms, engine ${Math.round(engineAt)} ms, ${frames.length} frames`,
  );
  assert.ok(frames.length > 1);
  assert.deepEqual([...new Set(frames)], [variants.buy]);
  assert.deepEqual(changes.at(-1), variants.buy);
  assert.ok(painted < engineAt, `painted at ${painted}, the engine was there at ${engineAt}`);
  // The engine knows a newer snapshot: what differs there is told, and the heading is not touched.
  assert.deepEqual([handed, changed, banner], ["8", "banner", "Sale is over"]);
});

test("without: the page flashes, which this test can see", async () => {
  const { frames } = await watch("late.html");
  assert.deepEqual([...new Set(frames)], ["Order", variants.buy]);
});

test("in workerd: put into the HTML of an origin as it streams by", async () => {
  const edge = await startEdge("bootstrap-worker.mjs");
  try {
    const { document } = parseHTML((await send(edge.url)).text);
    const client = createBootstrapClient(document.querySelector("head > #flags")?.textContent);
    assert.deepEqual([client.value("button", ""), client.revision], ["Buy </head> now", 7]);
    assert.deepEqual([document.title, document.querySelector("h1")?.textContent], ["Shop", "Order"]);
  } finally {
    await edge.stop();
  }
});
