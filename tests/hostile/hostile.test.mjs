/** What hostile callers and snapshots can do, in Node and in workerd: nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as full from "../../js/dist/full/node.js";
import * as core from "../../js/dist/node.js";
import { askWorkerd } from "../runtimes/workerd.mjs";
import { runHostile } from "./run.mjs";

/** @param {import("node:test").TestContext} t @param {{ [build: string]: Awaited<ReturnType<typeof runHostile>> }} outcomes */
function expectNone(t, outcomes) {
  for (const [build, { count, failures }] of Object.entries(outcomes)) {
    t.diagnostic(`${build}: ${count} cases`);
    assert.equal(failures.length, 0, `${failures.length} of ${count} cases fail:\n${failures.slice(0, 10).join("\n")}`);
    assert.ok(count > 500, `only ${count} cases were run`);
  }
}

test("hostile values in Node", async (t) => {
  expectNone(t, { core: await runHostile(core), full: await runHostile(full) });
});

test("hostile values in workerd", async (t) => {
  expectNone(t, await askWorkerd("tests/hostile/worker.mjs"));
});
