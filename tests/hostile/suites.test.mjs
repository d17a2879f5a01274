/** Hostile clocks, contexts, tokens, cookies and names, in Node and in workerd. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as full from "../../js/dist/full/node.js";
import * as core from "../../js/dist/node.js";
import { askWorkerd } from "../runtimes/workerd.mjs";
import { runSuites } from "./suites.mjs";

/** @param {import("node:test").TestContext} t @param {{ [build: string]: Awaited<ReturnType<typeof runSuites>> }} builds */
function expectNone(t, builds) {
  for (const [build, suites] of Object.entries(builds)) {
    for (const [suite, { count, failures }] of Object.entries(suites)) {
      t.diagnostic(`${build}, ${suite}: ${count} cases`);
      assert.deepEqual(failures, [], `${build}, ${suite}`);
      assert.ok(count > 0, `${build}, ${suite}: no cases`);
    }
  }
}

test("in Node", async (t) => {
  expectNone(t, { core: await runSuites(core), full: await runSuites(full) });
});

test("in workerd", async (t) => {
  expectNone(t, await askWorkerd("tests/hostile/suites-worker.mjs"));
});
