/** Inputs that are large, or chosen to be costly: each is answered, and none costs out of proportion. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as full from "../../js/dist/full/node.js";
import * as core from "../../js/dist/node.js";
import { askWorkerd } from "../runtimes/workerd.mjs";
import { COLLIDING, listing, runFloods } from "./floods.mjs";

/** Of five runs, in milliseconds. @param {() => unknown} run */
function median(run) {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return /** @type {number} */ (times.sort((a, b) => a - b)[2]);
}

/** @param {() => unknown} run */
const thousandTimes = (run) => () => Array.from({ length: 1_000 }, run);

test("floods in Node", async () => {
  assert.deepEqual(await runFloods(core, false), []);
  assert.deepEqual(await runFloods(full, true), []);
});

test("floods in workerd", async () => {
  assert.deepEqual(await askWorkerd("tests/hostile/floods-worker.mjs"), []);
});

test("a visitor whose id collides with 1,499 listed ones costs little more than another", async (t) => {
  const [stranger = "", ...ids] = COLLIDING;
  const engine = await core.createEngine({ snapshot: listing(ids) });
  const ordinary = await core.createEngine({ snapshot: listing(ids.map((_, i) => `user${1_000 + i}`)) });
  const costly = median(thousandTimes(() => engine.isEnabled("f", { userId: stranger })));
  const usual = median(thousandTimes(() => ordinary.isEnabled("f", { userId: "user1700" })));
  t.diagnostic(`${(costly / usual).toFixed(1)} times`);
  assert.ok(costly < 12 * usual, `${costly} against ${usual} µs`);
});

test("a thousand problems behind 100,000 values cost little more than one", async (t) => {
  const engine = await core.createEngine({ snapshot: { flags: {} } });
  /** @param {number} problems */
  const snapshot = (problems) => {
    const ids = Array.from({ length: 100_000 }, (_, i) => (i < 100_000 - problems ? `user${i}` : 7));
    return new TextEncoder().encode(JSON.stringify(listing(/** @type {string[]} */ (ids))));
  };
  const [one, many] = /** @type {[Uint8Array, Uint8Array]} */ ([snapshot(1), snapshot(1_000)]);
  /** @param {Uint8Array} bytes */
  const cost = (bytes) =>
    median(() => {
      // What is in use already would not be read again.
      engine.load({ flags: {} });
      engine.load(bytes);
    });
  const times = cost(many) / cost(one);
  t.diagnostic(`${times.toFixed(1)} times`);
  assert.ok(times < 10, `${times} times`);
});
