import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { FINDING, PLAIN } from "./bundlers.mjs";
import { DECIDED, install } from "./install.mjs";
import { openBrowser, PAGE, showing } from "./page.mjs";

const browser = await openBrowser();
after(browser.close);

/** Where the .wasm of each import lies in the package. */
const WASM = { pointsman: "dist/pointsman.wasm", "pointsman/flags": "dist/flags/pointsman.wasm" };
const INLINE = ["pointsman/inline", "pointsman/flags/inline", "pointsman/full/inline"];

/**
 * Bundles a page that imports the package by this name, and gives what it shows in Chromium.
 * @param {import("./bundlers.mjs").Bundle} bundle
 * @param {string} name
 * @param {(folder: string) => void} complete - does what the bundler leaves to its user
 */
async function shown(bundle, name, complete = () => {}) {
  const { folder, write, remove } = install();
  try {
    write("index.html", PAGE);
    write("main.js", showing(name));
    await bundle(folder);
    complete(folder);
    return await browser.read(join(folder, "out"), "index.html");
  } finally {
    remove();
  }
}

for (const [bundler, bundle] of Object.entries(FINDING)) {
  for (const name of Object.keys(WASM)) {
    test(`${bundler} takes ${name} with its .wasm, and the page decides`, async () => {
      assert.deepEqual(JSON.parse(await shown(bundle, name)), DECIDED);
    });
  }
}

for (const [bundler, bundle] of Object.entries(PLAIN)) {
  for (const [name, wasm] of Object.entries(WASM)) {
    test(`${bundler} takes ${name}; with the .wasm copied beside, the page decides`, async () => {
      const copy = (folder) =>
        copyFileSync(join(folder, "node_modules/pointsman", wasm), join(folder, "out/pointsman.wasm"));
      assert.deepEqual(JSON.parse(await shown(bundle, name, copy)), DECIDED);
    });
  }
}

test("a .wasm that was forgotten is named", async () => {
  const text = await shown(PLAIN.esbuild, "pointsman");
  assert.match(
    text,
    /^PointsmanError: the engine can't start: .*\/pointsman\.wasm answered 404, type "" \(WASM_UNAVAILABLE\)$/,
  );
});

for (const [bundler, bundle] of Object.entries({ ...FINDING, ...PLAIN })) {
  for (const name of bundler === "esbuild" ? INLINE : INLINE.slice(0, 1)) {
    test(`${bundler} takes ${name}, in one file, and the page decides`, async () => {
      assert.deepEqual(JSON.parse(await shown(bundle, name)), DECIDED);
    });
  }
}
