/** The bad snapshots of tests/errors/ with the package's own module: the same problems as natively. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createEngine as full } from "../../js/dist/full/node.js";
import { createEngine as core } from "../../js/dist/node.js";

const FOLDER = new URL("../errors/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

for (const [build, createEngine, other] of /** @type {const} */ ([
  ["core", core, "full-"],
  ["full", full, "core-"],
])) {
  test(`every bad snapshot gives its problems in the ${build} build`, async () => {
    const own = names.filter((name) => !name.startsWith(other));
    for (const name of own) {
      const expected = readFileSync(new URL(name.replace(/json$/, "txt"), FOLDER), "utf8");
      assert.equal(await outcome(createEngine, readFileSync(new URL(name, FOLDER))), expected, name);
    }
    assert.ok(own.length >= 180, `only ${own.length} snapshots were found`);
  });
}

/** @param {typeof core} createEngine @param {Uint8Array} snapshot */
async function outcome(createEngine, snapshot) {
  try {
    return rendered("loaded", (await createEngine({ snapshot })).problems);
  } catch (error) {
    assert.ok(error instanceof Error && error.name === "PointsmanError", String(error));
    return rendered("refused", /** @type {import("../../js/src/errors.js").PointsmanError} */ (error).problems);
  }
}

/** @param {string} first @param {readonly import("../../js/src/types.js").Problem[]} problems */
function rendered(first, problems) {
  const lines = problems.map(
    ({ line, column, pointer, message, code }) =>
      `${line}:${column}${pointer === "" ? "" : ` ${pointer}`}: ${message} (${code})`,
  );
  return [first, ...lines, ""].join("\n");
}
