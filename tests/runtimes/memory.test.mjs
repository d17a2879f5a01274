/** Memory stays flat: no page more for decisions, and none for reloads after the first few. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memories } from "./memories.mjs";
import { engineModule } from "../../js/test/builds.mjs";

const { createEngine } = await engineModule(import.meta.url);
const bytes = () => memories.at(-1)?.buffer.byteLength;

const flag = {
  enabled: true,
  rolloutPercentage: 25,
  whitelistUsers: Array.from({ length: 50 }, (_, i) => `listed-${i}`),
};
const snapshot = JSON.stringify({
  flags: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`flag-${i}`, flag])),
});

test("a million decisions grow nothing", async () => {
  const engine = await createEngine({ snapshot });
  engine.isEnabled("flag-0", { userId: "listed-1" });
  const before = bytes();
  let on = 0;
  for (let i = 0; i < 1_000_000; i++) if (engine.isEnabled(`flag-${i % 200}`, { userId: `user-${i}` })) on++;
  assert.equal(bytes(), before);
  // A quarter of them, within five standard deviations: they were decided.
  assert.ok(Math.abs(on - 250_000) < 2_166, `${on} were in`);
});

test("a thousand loads of the same snapshot grow nothing", async () => {
  const engine = await createEngine({ snapshot });
  const before = bytes();
  for (let i = 0; i < 1_000; i++) assert.equal(engine.load(snapshot).unchanged, true);
  assert.equal(bytes(), before);
});

test("whole loads settle: after the tenth about one table's size is added, and after the 1,000th nothing", async () => {
  const engine = await createEngine({ snapshot });
  // A space makes the bytes differ, so that each load is a whole one.
  const load = (/** @type {number} */ i) =>
    assert.equal(engine.load(snapshot + " ".repeat(1 + (i % 2))).unchanged, false);
  for (let i = 1; i <= 10; i++) load(i);
  const tenth = Number(bytes());
  for (let i = 11; i <= 1_000; i++) load(i);
  // The old table and the next take turns; the allocator finds their gaps too small now and then: last by load 128, and 598 of
  // the build for pages, in 20,000.
  const settled = Number(bytes());
  assert.ok(settled - tenth < 640 * 1_024, `${settled - tenth} bytes were added to ${tenth}`);
  for (let i = 1_001; i <= 3_000; i++) load(i);
  assert.equal(bytes(), settled);
  assert.equal(engine.isEnabled("flag-7", { userId: "listed-3" }), true);
});
