/** The published JSON Schema beside the engine's table of members: object by object, and which members are required. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const file = (/** @type {string} */ path) => readFileSync(new URL(path, import.meta.url), "utf8");
const { $defs } = JSON.parse(file("../../js/schema/snapshot.schema.json"));

/** What is called otherwise there. @type {Record<string, string>} */
const NAMES = { PART: "layerPart", ERROR_RATE: "errorRate", HASHED_LISTS: "hashedLists" };

/** The table's objects, by their names there, with the text of their members. */
const shapes = file("../../src/snapshot/schema.rs")
  .split(/^(?:pub )?static /m)
  .slice(1)
  .map((text) => [text.slice(0, text.indexOf(":")), text]);

/** @param {string} text @param {string} kind */
const members = (text, kind) =>
  [...text.matchAll(new RegExp(`\\b(?:${kind})\\("([^"]+)"`, "g"))].map(([, name]) => name);

test("each object has the table's members, and requires the same", () => {
  for (const [shape, text] of shapes) {
    const own = $defs[NAMES[shape] ?? shape.toLowerCase()];
    assert.ok(own, `the schema has no ${shape}`);
    assert.deepEqual(Object.keys(own.properties).sort(), members(text, "optional|required").sort(), shape);
    assert.deepEqual((own.required ?? []).toSorted(), members(text, "required").sort(), shape);
  }
});

test("the schema has no object that the table has not", () => {
  const known = shapes.map(([shape]) => NAMES[shape] ?? shape.toLowerCase());
  const objects = Object.keys($defs).filter((name) => $defs[name].properties !== undefined);
  assert.deepEqual(objects.sort(), known.sort());
});

test("each object ignores what begins with x-, and refuses other members", () => {
  for (const [name, { properties, patternProperties, additionalProperties }] of Object.entries($defs)) {
    if (properties === undefined) continue;
    assert.deepEqual([name, patternProperties, additionalProperties], [name, { "^x-": true }, false]);
  }
});
