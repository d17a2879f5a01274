/** What hostile callers and snapshots can do, in Node and in workerd: nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import * as full from "../../js/dist/full/node.js";
import * as core from "../../js/dist/node.js";
import { runHostile } from "./run.mjs";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

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
  const miniflare = new Miniflare({
    cf: false,
    rootPath: TOP,
    modulesRoot: TOP,
    modules: true,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
    scriptPath: "tests/hostile/worker.mjs",
    compatibilityDate: "2026-07-01",
  });
  try {
    const response = await miniflare.dispatchFetch("http://worker/");
    expectNone(t, /** @type {any} */ (await response.json()));
  } finally {
    await miniflare.dispose();
  }
});
