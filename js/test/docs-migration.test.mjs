// docs/from-hand-written-flags.md: its code before and after, and what it says of both, counted again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../dist/node.js";
import { blocks, page } from "./documents.mjs";

const text = page("docs/from-hand-written-flags.md");
const [before, after] = await Promise.all(blocks(text, "js").map(run));
const users = Array.from({ length: 10_000 }, (_, index) => `user-${index + 1}`);
const numbers = Array.from({ length: 10_000 }, (_, index) => String(100_000 + index));

/** Runs a block as a module. @param {string} code */
function run(code) {
  const source = code.replace('"pointsman"', JSON.stringify(new URL("../dist/node.js", import.meta.url).href));
  return import(`data:text/javascript,${encodeURIComponent(source)}`);
}

/** @param {readonly string[]} ids @param {(id: string) => boolean} isIn */
const count = (ids, isIn) => ids.filter(isIn).length;

/** As the page writes a count. @param {number} value */
const written = (value) => value.toLocaleString("en-US");

const byHand = (/** @type {number} */ percentage) => (/** @type {string} */ id) => before.hash(id) < percentage;

/** @param {...string} keys @returns {Promise<(percentage: number, key?: string) => (id: string) => boolean>} */
async function engineOf(...keys) {
  const flags = keys.map((key) => [key, { enabled: true, rolloutPercentage: Number(/\d+$/.exec(key)?.[0]) }]);
  const engine = await createEngine({ snapshot: { flags: Object.fromEntries(flags) } });
  return (percentage, key = `p${percentage}`) =>
    (userId) =>
      engine.isEnabled(key, { userId });
}

const here = await engineOf("p1", "p5", "p25", "p50", "other-50");

test("who is listed is in, before and after", () => {
  for (const { isEnabled } of [before, after]) {
    assert.deepEqual([isEnabled("new-checkout", "alice"), isEnabled("new-checkout", "bob")], [true, true]);
    assert.equal(isEnabled("old-checkout", "alice"), false);
  }
  assert.throws(() => before.isEnabled("new-checkout", undefined));
  assert.equal(after.isEnabled("new-checkout", undefined), false);
});

test("the table of who is in", () => {
  for (const percentage of [1, 5, 25, 50]) {
    const hand = byHand(percentage);
    const counts = [count(users, hand), count(numbers, hand), count(users, here(percentage))].map(written);
    assert.ok(text.includes(`| ${percentage} | ${counts.join(" | ")} |\n`), `${percentage}: ${counts}`);
  }
});

test("two flags at 50 %", () => {
  const both = count(users, (id) => here(50)(id) && here(50, "other-50")(id));
  assert.ok(text.includes(`${written(count(users, byHand(50)))} of these 10,000 have both`));
  assert.ok(text.includes(`Here ${written(both)} have both, a quarter.`), written(both));
});

test("who moves when the hash changes", () => {
  const old = users.filter(byHand(25));
  const stay = count(old, here(25));
  const fresh = count(users, (id) => here(25)(id) && !byHand(25)(id));
  const sentence = `Here ${written(stay)} of them stay in, ${written(old.length - stay)} drop out, and ${written(fresh)} come in anew.`;
  assert.ok(text.includes(sentence), sentence);
});
