// @ts-nocheck: much of this calls on purpose what the types forbid.
/** What happens when an instance traps: in every call, while loading, and over and over. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { edgeAlone, engineModule } from "./builds.mjs";

/** A module with one function that does nothing but trap: what it throws is the real thing. */
const trapping = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11]); // prettier-ignore
const { Instance } = WebAssembly;
const trap = new Instance(new WebAssembly.Module(trapping)).exports.t;

/** The exports that trap now, and how many instances were made. */
const rigged = new Set();
let instances = 0;

/** Makes instances whose rigged exports trap. */
const rigger = new Proxy(Instance, {
  construct(Real, [module, imports]) {
    const { exports } = new Real(module, imports);
    instances++;
    const calls = Object.entries(exports).map(([name, own]) => [
      name,
      typeof own === "function" ? (...values) => (rigged.has(name) ? trap() : own(...values)) : own,
    ]);
    return { exports: Object.fromEntries(calls) };
  },
});
WebAssembly.Instance = rigger;
after(() => {
  WebAssembly.Instance = Instance;
});
beforeEach(() => {
  rigged.clear();
  instances = 0;
});

const { PointsmanError, createEngine } = await engineModule(import.meta.url);
const edge = edgeAlone(import.meta.url);

const SECOND = 1_000;
const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const snapshot = { revision: 1, flags: { listed, other: { enabled: true } } };
const alice = { userId: "alice" };

/** Makes these exports trap for as long as the call lasts. */
function rigging(names, call) {
  for (const name of names) rigged.add(name);
  try {
    return call();
  } finally {
    rigged.clear();
  }
}

test("the trap is a real one", () => {
  assert.throws(() => trap(), WebAssembly.RuntimeError);
});

test("after a trap a compiled snapshot is loaded again", edge, async () => {
  const command = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
  const args = [command, "compile", "-", "-o", "-"];
  const compiled = execFileSync(process.execPath, args, { input: JSON.stringify(snapshot) });
  const engine = await createEngine({ snapshot: compiled, clock: clockOf() });
  assert.equal(
    rigging(["decide"], () => engine.isEnabled("listed", alice)),
    false,
  );
  assert.equal(engine.isEnabled("listed", alice), true);
  assert.equal(instances, 2);
  assert.equal(engine.load(compiled).unchanged, true);
  assert.equal(engine.load(snapshot).unchanged, true);
});

test("each way of asking gives its default once, and the right answer after it", async () => {
  const engine = await createEngine({ snapshot, clock: clockOf() });
  const visitor = engine.context(alice);
  engine.isEnabled("listed", alice);
  const ways = [
    [() => engine.isEnabled("listed", alice), false, true],
    [() => engine.value("listed", alice, "default"), "default", "default"],
    [() => engine.evaluate("listed", alice).errorCode, "GENERAL", undefined],
    [() => engine.evaluate("listed", alice).variant, "off", "on"],
    [() => visitor.evaluate("listed").errorCode, "GENERAL", undefined],
    [() => engine.evaluateAll(alice).get("listed").errorCode, "GENERAL", undefined],
    [() => visitor.evaluateAll().isEnabled("listed"), false, true],
    [() => engine.details("listed", alice, false).errorCode, "GENERAL", undefined],
  ];
  for (const [at, [ask, during, then]] of ways.entries()) {
    assert.equal(rigging(["decide", "decide_all"], ask), during);
    assert.equal(engine.traps, at + 1);
    assert.equal(ask(), then);
  }
  assert.equal(instances, 1 + ways.length);
});

test("an explanation is a GENERAL error without steps once, and the right one after it", edge, async () => {
  const engine = await createEngine({ snapshot, clock: clockOf() });
  const visitor = engine.context(alice);
  for (const ask of [() => engine.explain("listed", alice), () => visitor.explain("listed")]) {
    const { errorCode, steps } = rigging(["explain"], ask);
    assert.deepEqual([errorCode, steps], ["GENERAL", []]);
    assert.deepEqual([ask().variant, ask().steps.length], ["on", 2]);
  }
  assert.equal(engine.traps, 2);
});

/** A clock on which a minute passes with each look, so that no two traps are close. */
function clockOf() {
  let now = 0;
  return () => (now += 60 * SECOND);
}

test("a flag whose description traps is a GENERAL error once", async () => {
  const engine = await createEngine({ snapshot });
  const evaluation = rigging(["describe"], () => engine.evaluate("listed", alice));
  assert.deepEqual([evaluation.errorCode, evaluation.variant, evaluation.value], ["GENERAL", null, null]);
  assert.equal(engine.evaluate("listed", alice).variant, "on");
});

test("a load that traps is a PointsmanError, and the last good snapshot is back", async () => {
  const engine = await createEngine({ snapshot });
  for (let i = 0; i < 5; i++) {
    const next = { revision: 2, flags: {} };
    assert.throws(() => rigging(["manifest"], () => engine.load(next)), PointsmanError);
    assert.equal(engine.isEnabled("listed", alice), true);
    assert.equal(engine.revision, 1);
  }
  assert.equal(engine.load({ revision: 2, flags: {} }).revision, 2);
  assert.equal(engine.evaluate("listed", alice).errorCode, "FLAG_NOT_FOUND");
});

test("a first load that traps is a PointsmanError too", async () => {
  rigged.add("load");
  await assert.rejects(createEngine({ snapshot }), PointsmanError);
});

test("what a guard has ordered holds in the next instance, and whatever was counted is gone", edge, async () => {
  const guard = { errorRate: { max: 0.01 }, slot: "5s", for: "0s", minRequests: 1 };
  const flags = { listed, canary: { enabled: true, guard, rolloutPercentage: 100, offVariant: "off" } };
  const clock = { now: 1_772_452_800_000 };
  const engine = await createEngine({ snapshot: { flags }, clock: () => clock.now });
  const canary = () => engine.evaluate("canary", alice);
  clock.now += SECOND;
  for (let i = 0; i < 50; i++) engine.report(canary(), { status: 500, durationMs: 1 });
  const { isolate } = engine.drain();
  clock.now += 5 * SECOND;
  assert.deepEqual(
    engine.judge().map(({ state }) => state),
    ["breach"],
  );
  assert.equal(canary().detail, "rollback");
  rigging(["decide"], () => engine.isEnabled("listed", alice));
  assert.deepEqual([engine.traps, canary().detail, engine.orders.directives.length], [1, "rollback", 1]);
  assert.notEqual(engine.drain().isolate, isolate, "its counts begin at nothing, so it has another name");
  for (const name of ["report", "judge", "drain", "merge", "apply", "orders"]) {
    const before = engine.traps;
    rigging([name], () => {
      engine.report(canary(), { status: 200, durationMs: 1 });
      engine.judge();
      engine.drain();
      engine.merge({ isolate: "a", sequence: 1, cells: [] });
      engine.apply([]);
    });
    // Where orders can't be given back there is a pause: the first question after it ends it.
    clock.now += 2 * SECOND;
    canary();
    assert.equal(canary().detail, "rollback", name);
    clock.now += 120 * SECOND;
    assert.ok(engine.traps > before || name === "orders", name);
  }
});

test("three traps within a minute are followed by a pause, and each pause is twice as long", async () => {
  let now = 0;
  const engine = await createEngine({ snapshot, clock: () => now });
  const fails = () => rigging(["decide"], () => engine.evaluate("listed", alice).errorCode);
  const works = () => engine.isEnabled("listed", alice);
  for (let i = 0; i < 3; i++) assert.equal(fails(), "GENERAL");
  for (const pause of [1, 2, 4]) {
    const made = instances;
    now += pause * SECOND - 1;
    assert.equal(works(), false);
    assert.equal(instances, made, `no instance is made before ${pause} s`);
    now += 1;
    assert.equal(works(), false);
    assert.equal(instances, made + 1, "the pause is over");
    assert.equal(works(), true);
    fails();
  }
  assert.equal(engine.traps, 6);
});

test("a minute without a trap forgets the pauses", async () => {
  let now = 0;
  const engine = await createEngine({ snapshot, clock: () => now });
  const fails = () => rigging(["decide"], () => engine.isEnabled("listed", alice));
  const works = () => engine.isEnabled("listed", alice);
  for (let turn = 0; turn < 3; turn++) {
    for (let i = 0; i < 2; i++) {
      fails();
      assert.equal(works(), true);
    }
    fails();
    now += SECOND;
    assert.equal(works(), false, "the pause is over");
    assert.equal(works(), true, `after the first pause of turn ${turn}`);
    now += 61 * SECOND;
  }
});

for (const [name, gone] of Object.entries({
  "is set back by years": -31_536_000_000,
  fails: NaN,
  "is ahead by years": 31_536_000_000,
})) {
  test(`a clock that ${name} makes no pause longer`, async () => {
    let now = 1_772_452_800_000;
    const engine = await createEngine({ snapshot, clock: () => now });
    for (let i = 0; i < 3; i++) rigging(["decide"], () => engine.isEnabled("listed", alice));
    assert.equal(engine.isEnabled("listed", alice), false, "the pause");
    now += gone;
    engine.isEnabled("listed", alice);
    assert.equal(engine.isEnabled("listed", alice), true);
  });
}

for (const [name, clock] of Object.entries({ fails: () => NaN, "jumps with each look": clockOf() })) {
  test(`an instance that can't be made again is not tried without end where the clock ${name}`, async () => {
    const engine = await createEngine({ snapshot, clock });
    const answer = rigging(["decide", "load"], () => engine.isEnabled("listed", alice));
    assert.deepEqual([answer, engine.traps], [false, 3]);
  });
}

test("an instance that can't be made again leads to the pause, and a load ends it", async () => {
  const engine = await createEngine({ snapshot, clock: () => 0 });
  assert.equal(
    rigging(["decide", "load"], () => engine.isEnabled("listed", alice)),
    false,
  );
  assert.equal(engine.traps, 3);
  assert.equal(engine.isEnabled("listed", alice), false);
  assert.equal(engine.load({ revision: 2, flags: { listed } }).revision, 2);
  assert.equal(engine.isEnabled("listed", alice), true);
});

test("decisions taken together before a pause can be read in it", async () => {
  const engine = await createEngine({ snapshot, clock: () => 0 });
  engine.evaluate("listed", alice);
  const all = engine.evaluateAll(alice);
  for (let i = 0; i < 3; i++) rigging(["decide"], () => engine.isEnabled("listed", alice));
  assert.equal(all.get("listed").variant, "on");
  const { errorCode, variant } = all.get("other");
  assert.deepEqual([errorCode, variant], ["GENERAL", null]);
  assert.equal(all.isEnabled("other"), false);
});
