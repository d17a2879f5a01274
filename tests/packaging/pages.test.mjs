import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { DECIDED, install } from "./install.mjs";
import { openBrowser, PAGE, showing } from "./page.mjs";
import { library } from "./tools.mjs";

const browser = await openBrowser();
const { folder, write, remove } = install();
after(async () => {
  await browser.close();
  remove();
});

/** Where each import's file for pages lies. */
const FILES = {
  pointsman: "./node_modules/pointsman/dist/browser.js",
  "pointsman/flags": "./node_modules/pointsman/dist/flags/browser.js",
  "pointsman/full": "./node_modules/pointsman/dist/full/browser.js",
  "pointsman/inline": "./node_modules/pointsman/dist/inline.js",
};

const map = `<script type="importmap">${JSON.stringify({ imports: FILES })}</script>`;

/** What a page shows whose script imports this. */
async function shown(/** @type {string} */ name, page = PAGE, headers = {}) {
  write("index.html", page);
  write("main.js", showing(name));
  return browser.read(folder, "index.html", headers);
}

for (const [name, file] of Object.entries(FILES)) {
  test(`${name} decides in a page without a bundler, by an import map and by its path`, async () => {
    assert.deepEqual(JSON.parse(await shown(name, map + PAGE)), DECIDED);
    assert.deepEqual(JSON.parse(await shown(file)), DECIDED);
  });
}

test("Vite's development server serves pointsman, and the page decides", async () => {
  write("index.html", PAGE);
  write("main.js", showing("pointsman"));
  const { createServer } = await library("vite");
  const server = await createServer({ root: folder, logLevel: "warn", server: { host: "127.0.0.1", port: 0 } });
  try {
    await server.listen();
    assert.deepEqual(JSON.parse(await browser.show(server.resolvedUrls.local[0])), DECIDED);
  } finally {
    await server.close();
  }
});

/** Two policies for each import: one that lacks a word, and that with it. */
const POLICIES = {
  "pointsman/flags": ["script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"],
  "pointsman/inline": [
    "default-src 'none'; script-src 'self'",
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  ],
};

for (const [name, [without, sufficient]] of Object.entries(POLICIES)) {
  test(`${name} under a policy without wasm-unsafe-eval: the error names it, and with it the page decides`, async () => {
    const refused = await shown(FILES[name], PAGE, { "content-security-policy": without });
    assert.match(
      refused,
      /^PointsmanError: the engine can't start: .*script-src needs `'wasm-unsafe-eval'`.*\(WASM_UNAVAILABLE\)$/,
    );
    const allowed = await shown(FILES[name], PAGE, { "content-security-policy": sufficient });
    assert.deepEqual(JSON.parse(allowed), DECIDED);
  });
}

test("a page that is served in place of the .wasm is named", async () => {
  const { folder: lacking, write: writeThere, remove: removeThere } = install();
  after(removeThere);
  rmSync(join(lacking, "node_modules/pointsman/dist/pointsman.wasm"));
  writeThere("index.html", PAGE);
  writeThere("main.js", showing(FILES.pointsman));
  // Like many a server of single-page applications: index.html for whatever it lacks, with 200.
  const { preview } = await library("vite");
  const server = await preview({ root: lacking, build: { outDir: "." }, preview: { host: "127.0.0.1", port: 0 } });
  try {
    const text = await browser.show(server.resolvedUrls.local[0]);
    assert.match(text, /pointsman\.wasm answered 200, type "text\/html" \(WASM_UNAVAILABLE\)$/);
  } finally {
    await server.close();
  }
});
