// @ts-nocheck: it asks for what the types say is not there.
/** What the build for pages does otherwise than the core: there is no edge, and nothing that only the edge needs is looked at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../dist/flags/node.js";
import { createEngine as createCore } from "../dist/node.js";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 31, 9);

test("it has what the core has, but for routes, guards and explanations", async () => {
  const [page, core] = await Promise.all([createEngine, createCore].map((create) => create({ snapshot: {} })));
  const lacking = ["apply", "drain", "explain", "judge", "merge", "orders", "report", "route"];
  assert.deepEqual([...lacking, ...membersOf(page)].toSorted(), membersOf(core));
  assert.deepEqual([...membersOf(page.context({})), "explain"].toSorted(), membersOf(core.context({})));
});

/** An object's own and its class's. */
function membersOf(object) {
  const names = [object, Object.getPrototypeOf(object)].flatMap((part) => Object.getOwnPropertyNames(part));
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  return names.filter((name) => !inherited.includes(name)).toSorted();
}

test("routes, backends and guards that are wrong break nothing, strictly or not", async () => {
  const broken = { enabled: true, rolloutPercentage: 100, guard: { errorRate: { max: 5 } } };
  const routes = [{ name: "shop", match: {}, backend: "nowhere" }];
  const snapshot = { flags: { broken }, backends: { stable: {} }, routes };
  await assert.rejects(createCore({ snapshot }));
  const engine = await createEngine({ snapshot, strict: true });
  assert.deepEqual(engine.problems, []);
  assert.equal(engine.isEnabled("broken", { userId: "alice" }), true);
});

test("a schedule with a guard runs by the clock, where the core holds it for want of reports", async () => {
  const at = (hours) => new Date(START + hours * HOUR).toISOString();
  const schedule = [{ at: at(0), percentage: 10 }, { at: at(1), percentage: 100 }]; // prettier-ignore
  const canary = { enabled: true, rollout: { schedule }, guard: { errorRate: { max: 0.01 } } };
  const shares = [createEngine, createCore].map(async (create) => {
    let now = START;
    const engine = await create({ snapshot: { flags: { canary } }, clock: () => now });
    now += 2 * HOUR;
    return Array.from({ length: 200 }, (_, i) => engine.isEnabled("canary", { userId: `user-${i}` })).filter(Boolean).length; // prettier-ignore
  });
  const [page, core] = await Promise.all(shares);
  assert.equal(page, 200);
  // Of 200 at 10 %: 20, within five standard deviations.
  assert.ok(Math.abs(core - 20) < 21, `${core} are in`);
});
