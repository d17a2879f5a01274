// A coordinator tells nobody of orders that its store has not got: the next isolate that asks tries the store again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importInner } from "../../tests/runtimes/router/inner.mjs";

const { createCoordinator } = await importInner("coordinator/coordinator.ts");

/** An engine that orders something new whenever it judges for the first time. */
function engineThatOrders() {
  const ordered = { directives: [{ flag: "f", variant: "on", generation: 0, action: "rollback", at: 1 }] };
  let orders = {};
  return {
    get orders() {
      return orders;
    },
    apply: () => {},
    merge: () => true,
    judge: () => {
      if (orders !== ordered) orders = ordered;
      return [];
    },
  };
}

test("also when a second report waited for the store while the first failed to keep them", async () => {
  const DELTA = JSON.stringify({ isolate: "i", sequence: 1, cells: [] });
  const engine = engineThatOrders();
  /** @type {((orders: null) => void)[]} */
  const loads = [];
  /** @type {unknown[]} */
  const kept = [];
  /** @type {(error: Error) => void} */
  let failKeep = assert.fail;
  const store = {
    load: () => new Promise((resolve) => loads.push(resolve)),
    keep: (/** @type {unknown} */ orders) => {
      kept.push(orders);
      return kept.length === 1 ? new Promise((_, reject) => (failKeep = reject)) : Promise.resolve();
    },
  };
  const coordinator = createCoordinator(() => engine, store);
  const first = coordinator.report(DELTA);
  const second = coordinator.report(DELTA);
  await new Promise(setImmediate);
  assert.equal(loads.length, 2);
  loads[0]?.(null);
  await new Promise(setImmediate);
  assert.equal(kept.length, 1, "the first is being kept");
  failKeep(new Error("no storage"));
  loads[1]?.(null);
  await assert.rejects(first, /no storage/);
  assert.deepEqual((await second).directives, engine.orders.directives);
  assert.equal(kept.length, 2, "the second kept them before it told");
});
