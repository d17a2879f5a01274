import assert from "node:assert/strict";
import { after, test } from "node:test";
import { copyWasm, FINDING, PLAIN, WASM, withPage } from "./bundlers.mjs";
import { DECIDED } from "./install.mjs";
import { openBrowser } from "./page.mjs";

const browser = await openBrowser();
after(browser.close);

const INLINE = ["pointsman/inline", "pointsman/flags/inline", "pointsman/full/inline"];

/** What a bundle shows in Chromium. */
const read = (/** @type {string} */ out) => browser.read(out, "index.html");

for (const [bundler, bundle] of Object.entries(FINDING)) {
  for (const name of Object.keys(WASM)) {
    test(`${bundler} takes ${name} with its .wasm, and the page decides`, async () => {
      assert.deepEqual(JSON.parse(await withPage(bundle, name, read)), DECIDED);
    });
  }
}

for (const [bundler, bundle] of Object.entries(PLAIN)) {
  for (const name of Object.keys(WASM)) {
    test(`${bundler} takes ${name}; with the .wasm copied beside, the page decides`, async () => {
      const text = await withPage(bundle, name, (out, folder) => {
        copyWasm(name, out, folder);
        return read(out);
      });
      assert.deepEqual(JSON.parse(text), DECIDED);
    });
  }
}

test("a .wasm that was forgotten is named", async () => {
  const text = await withPage(PLAIN.esbuild, "pointsman", read);
  const expected =
    /^PointsmanError: the engine can't start: .*\/pointsman\.wasm answered 404, type "" \(WASM_UNAVAILABLE\)$/;
  assert.match(text, expected);
});

for (const [bundler, bundle] of Object.entries({ ...FINDING, ...PLAIN })) {
  for (const name of bundler === "esbuild" ? INLINE : INLINE.slice(0, 1)) {
    test(`${bundler} takes ${name}, in one file, and the page decides`, async () => {
      assert.deepEqual(JSON.parse(await withPage(bundle, name, read)), DECIDED);
    });
  }
}
