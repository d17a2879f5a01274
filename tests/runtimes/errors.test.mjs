/** The bad snapshots of tests/errors/ with the package's own module: the same problems as natively. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { PointsmanError, createEngine } from "../../js/dist/node.js";

const FOLDER = new URL("../errors/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test("every bad snapshot gives its problems", async () => {
  for (const name of names) {
    const expected = readFileSync(new URL(name.replace(/json$/, "txt"), FOLDER), "utf8");
    assert.equal(await outcome(readFileSync(new URL(name, FOLDER))), expected, name);
  }
  assert.ok(names.length >= 50, `only ${names.length} snapshots were found`);
});

/** @param {Uint8Array} snapshot */
async function outcome(snapshot) {
  try {
    return rendered("loaded", (await createEngine({ snapshot })).problems);
  } catch (error) {
    assert.ok(error instanceof PointsmanError, String(error));
    return rendered("refused", error.problems);
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
