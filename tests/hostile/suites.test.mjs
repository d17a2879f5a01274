/** Hostile clocks, contexts, tokens, cookies and names, in Node and in workerd. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as full from "../../js/dist/full/node.js";
import * as core from "../../js/dist/node.js";
import { askWorkerd } from "../runtimes/workerd.mjs";
import { ESCAPED } from "./equal.mjs";
import { runSuites } from "./suites.mjs";

const COMMAND = fileURLToPath(new URL("../../js/dist/cli.js", import.meta.url));
const compiled = new Uint8Array(
  execFileSync(process.execPath, [COMMAND, "compile", "-", "-o", "-"], { input: ESCAPED }),
);

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
  expectNone(t, { core: await runSuites(core, compiled), full: await runSuites(full, compiled) });
});

test("in workerd", async (t) => {
  expectNone(t, await askWorkerd("tests/hostile/suites-worker.mjs", { method: "POST", body: compiled }));
});
