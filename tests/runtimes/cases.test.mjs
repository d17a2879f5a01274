/** The corpus of tests/cases/ in Node, in workerd and in headless Chromium: the same expected results everywhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { createEngine as full } from "../../js/dist/full/node.js";
import { createEngine as core } from "../../js/dist/node.js";
import { launch, serve } from "./cases/browser.mjs";
import { LEAST_EXPECTED, caseFiles } from "./cases/files.mjs";
import { runBuilds } from "./cases/run.mjs";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

/** @param {{ count: number, failures: string[] }} outcome */
function expectAll({ count, failures }) {
  assert.equal(failures.length, 0, `${failures.length} of ${count} cases fail:\n${failures.slice(0, 20).join("\n")}`);
  assert.ok(count >= LEAST_EXPECTED, `only ${count} cases were run`);
}

test("every case in Node", async () => {
  expectAll(await runBuilds({ core, full }, caseFiles()));
});

test("every case in workerd", async () => {
  const miniflare = new Miniflare({
    cf: false,
    rootPath: TOP,
    modulesRoot: TOP,
    modules: true,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: "tests/runtimes/cases/worker.mjs",
    compatibilityDate: "2026-07-01",
  });
  try {
    const response = await miniflare.dispatchFetch("http://worker/", {
      method: "POST",
      body: JSON.stringify(caseFiles()),
    });
    expectAll(/** @type {any} */ (await response.json()));
  } finally {
    await miniflare.dispose();
  }
});

test("every case in headless Chromium, from a plain module script", async () => {
  const browser = await launch();
  const site = await serve();
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${site.url}tests/runtimes/cases/page.html`);
    await page.waitForFunction("typeof run === 'function'");
    // As text: the driver's own copying loses members named `__proto__`.
    expectAll(await page.evaluate((text) => /** @type {any} */ (globalThis).run(text), JSON.stringify(caseFiles())));
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    site.close();
  }
});
