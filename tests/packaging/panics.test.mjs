/** Where the builds can panic: nowhere but where panics.json says, with the reason why it does not happen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { committedPanics, panics } from "../../js/scripts/panics.mjs";

const { rustc, reasons, builds } = committedPanics();
const starts = Object.keys(reasons);
const startOf = (/** @type {string} */ caller) => starts.find((start) => caller.startsWith(start));

test("no export reaches a panic that panics.json does not have", () => {
  assert.deepEqual(
    panics(),
    builds,
    `run \`node js/scripts/panics.mjs --write\`, and say why (panics.json is of ${rustc})`,
  );
});

test("each has its reason", () => {
  const callers = Object.values(builds).flatMap(Object.keys);
  assert.deepEqual(
    callers.filter((caller) => startOf(caller) === undefined),
    [],
  );
  assert.deepEqual(
    starts.filter((start) => !callers.some((caller) => startOf(caller) === start)),
    [],
    "reasons for nothing",
  );
});
