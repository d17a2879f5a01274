// docs/security.md: its bounds are the crate's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const read = (/** @type {string} */ path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("each bound of src/limits.rs is in the page, with its value and in its order", () => {
  const bounds = [...read("src/limits.rs").matchAll(/^pub const (\w+): [^=]+ = ([^;]+);/gm)];
  const rows = [...read("docs/security.md").matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|$/gm)];
  assert.ok(bounds.length > 40);
  const pairs = (/** @type {RegExpMatchArray[]} */ found) => found.map(([, name, value]) => [name, value]);
  assert.deepEqual(pairs(rows), pairs(bounds));
});
