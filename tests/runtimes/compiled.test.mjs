/** Compiled snapshots in Node: the corpus of tests/cases/ decided from them, and those that an engine refuses. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine as full } from "../../js/dist/full/node.js";
import { createEngine as core } from "../../js/dist/node.js";
import { LEAST_EXPECTED, caseFiles } from "./cases/files.mjs";
import { runCases } from "./cases/run.mjs";

const COMMAND = fileURLToPath(new URL("../../js/dist/cli.js", import.meta.url));
/** Those files of the corpus that are about broken flags. */
const BROKEN = 5;

/** Null where it has problems. @param {object} snapshot */
function compile(snapshot) {
  const options = { input: JSON.stringify(snapshot), maxBuffer: 64 << 20 };
  const { status, stdout } = spawnSync(process.execPath, [COMMAND, "compile", "-", "-o", "-"], options);
  return status === 0 ? stdout : null;
}

test("every case from its compiled snapshot", async () => {
  const files = caseFiles().map((file) => ({ ...file, snapshot: compile(file.snapshot) ?? file.snapshot }));
  assert.ok(files.filter(({ snapshot }) => !(snapshot instanceof Uint8Array)).length <= BROKEN);
  for (const [build, createEngine] of /** @type {const} */ ([
    ["core", core],
    ["full", full],
  ])) {
    const { count, failures } = await runCases(build, createEngine, files);
    assert.deepEqual(failures.slice(0, 20), []);
    assert.ok(count >= LEAST_EXPECTED[build], `only ${count} cases were run on the ${build} build`);
  }
});

const snapshot = { flags: { f: { enabled: true } } };

test("a damaged one is refused, and the one in use stays", async () => {
  const compiled = /** @type {Buffer} */ (compile(snapshot));
  const engine = await core({ snapshot: compiled });
  const other = /** @type {Buffer} */ (compile({ flags: {} }));
  other[other.length - 1] ^= 1;
  assert.throws(() => engine.load(other), /the compiled snapshot is damaged: compile it again \(COMPILED_DAMAGED\)/);
  assert.equal(engine.isEnabled("f", {}), true);
});

test("what needs the full build says so in the core", async () => {
  const rules = [{ if: { attribute: "plan", op: "matches", values: ["^pro"] }, serve: "on" }];
  const compiled = /** @type {Buffer} */ (compile({ flags: { f: { enabled: true, rules, rolloutPercentage: 0 } } }));
  await assert.rejects(
    core({ snapshot: compiled }),
    /needs the full build: import `pointsman\/full` \(NEEDS_FULL_BUILD\)/,
  );
  const engine = await full({ snapshot: compiled });
  assert.deepEqual([engine.isEnabled("f", { plan: "pro" }), engine.isEnabled("f", { plan: "free" })], [true, false]);
});
