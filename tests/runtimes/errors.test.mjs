/** The bad snapshots of tests/errors/ with the package's own module: the same problems as natively. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { createEngine as flags } from "../../js/dist/flags/node.js";
import { createEngine as full } from "../../js/dist/full/node.js";
import { createEngine as core } from "../../js/dist/node.js";

const FOLDER = new URL("../errors/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

const builds = /** @type {const} */ ([
  ["flags", flags, "full-"],
  ["core", core, "full-"],
  ["full", full, "core-"],
]);

for (const [build, createEngine, other] of builds) {
  test(`every bad snapshot gives its problems in the ${build} build`, async (t) => {
    const own = names.filter((name) => !name.startsWith(other));
    let leftOut = 0;
    for (const name of own) {
      const text = readFileSync(new URL(name.replace(/json$/, "txt"), FOLDER), "utf8");
      const expected = build === "flags" ? seenByFlags(text) : text;
      leftOut += text.split("\n").length - expected.split("\n").length;
      assert.equal(await outcome(createEngine, readFileSync(new URL(name, FOLDER))), expected, name);
    }
    t.diagnostic(`${own.length} snapshots; ${leftOut} problems are not this build's to see`);
    assert.equal(leftOut > 0, build === "flags");
    assert.ok(own.length >= 180, `only ${own.length} snapshots were found`);
  });
}

/** What a build for pages does not look at. That two backends have one name it sees: this is about the object of all backends. */
const UNSEEN = /^[\d:]+ \/(?!backends\/[^/]+: .*\(DUPLICATE_KEY\)$)(?:backends\/|routes\/|flags\/[^/]+\/guard[/:])/;

/** A problem there in backends and routes refuses the whole snapshot: with no other left, it is loaded. @param {string} text */
function seenByFlags(text) {
  const [verdict, ...lines] = text.split("\n");
  const seen = lines.filter((line) => !UNSEEN.test(line));
  return [seen.length === 1 ? "loaded" : verdict, ...seen].join("\n");
}

/** @param {typeof core | typeof flags} createEngine @param {Uint8Array} snapshot */
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
  // A pointer has names as they are; on a line of text no control character may be.
  const lines = problems.map(
    ({ line, column, pointer, message, code }) =>
      `${line}:${column}${pointer === "" ? "" : ` ${pointer.replace(/\p{Cc}/gu, "\ufffd")}`}: ${message} (${code})`,
  );
  return [first, ...lines, ""].join("\n");
}
