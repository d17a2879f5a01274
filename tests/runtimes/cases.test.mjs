/** The corpus of tests/cases/ in Node, in workerd and in headless Chromium: the same expected results everywhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine as flags } from "../../js/dist/flags/node.js";
import { createEngine as full } from "../../js/dist/full/node.js";
import { createEngine as core } from "../../js/dist/node.js";
import { launch, serve } from "./cases/browser.mjs";
import { LEAST_EXPECTED, caseFiles } from "./cases/files.mjs";
import { runBuilds } from "./cases/run.mjs";
import { askWorkerd } from "./workerd.mjs";

const ALL = caseFiles().flatMap(({ cases }) => cases).length;
const sum = (/** @type {{ [reason: string]: number }} */ counts) => Object.values(counts).reduce((a, b) => a + b, 0);

/**
 * Every case of the corpus is run, or left out for a reason that is told.
 * @param {import("node:test").TestContext} t
 * @param {Awaited<ReturnType<typeof runBuilds>>} outcomes
 */
function expectAll(t, outcomes) {
  for (const [build, { count, leftOut, failures }] of Object.entries(outcomes)) {
    const reasons = Object.entries(leftOut).map(([reason, cases]) => `, ${cases} left out: ${reason}`);
    t.diagnostic(`${build}: ${count} cases${reasons.join("")}`);
    assert.equal(failures.length, 0, `${failures.length} of ${count} cases fail:\n${failures.slice(0, 20).join("\n")}`);
    assert.equal(count + sum(leftOut), ALL, build);
    assert.ok(count >= LEAST_EXPECTED[build], `only ${count} cases were run on the ${build} build`);
  }
}

test("every case in Node", async (t) => {
  expectAll(t, await runBuilds({ flags, core, full }, caseFiles()));
});

test("every case in workerd", async (t) => {
  const init = { method: "POST", body: JSON.stringify(caseFiles()) };
  expectAll(t, await askWorkerd("tests/runtimes/cases/worker.mjs", init));
});

test("every case in headless Chromium, from a plain module script", async (t) => {
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
    expectAll(t, await page.evaluate((text) => /** @type {any} */ (globalThis).run(text), JSON.stringify(caseFiles())));
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    site.close();
  }
});
