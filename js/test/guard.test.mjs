// @ts-nocheck: much of this calls on purpose what the types forbid.
/** Guards: what is counted, when a variant is withdrawn, how isolates and a coordinator tell each other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { directiveText, standingText } from "../dist/explain.js";
import { PointsmanError, createEngine } from "../dist/node.js";

const START = Date.parse("2026-03-02T12:00:00Z");
const SECOND = 1_000;

const snapshot = (guard, { generation = 0, ...flag } = {}) => ({
  flags: {
    checkout: {
      enabled: true,
      rolloutPercentage: 50,
      whitelistUsers: ["tester"],
      guard: { generation, consecutiveFailures: 0, ...guard },
      ...flag,
    },
  },
});

/** An engine with a clock that is set by hand. */
async function engineWith(guard, { options = {}, ...flag } = {}) {
  const clock = { now: START };
  const directives = [];
  const onDirective = (directive) => directives.push(directive);
  const engine = await createEngine({
    snapshot: snapshot(guard, flag),
    clock: () => clock.now,
    onDirective,
    ...options,
  });
  // What began before the guard was there is not counted.
  clock.now += SECOND;
  return { engine, clock, directives };
}

/** Visitors of both arms: enough of them, found by asking. */
function visitorsOf(engine) {
  const arms = { on: [], off: [] };
  for (let i = 0; i < 400; i++) arms[engine.evaluate("checkout", { userId: `u-${i}` }).variant].push(`u-${i}`);
  return arms;
}

/** Reports so many requests of one arm. */
function serve(engine, ids, requests, statusOf, durationMs = 5) {
  for (let i = 0; i < requests; i++) {
    const evaluation = engine.evaluate("checkout", { userId: ids[i % ids.length] });
    engine.report(evaluation, { status: statusOf(i), durationMs });
  }
}

const ok = () => 200;
const failing = () => 503;
const states = (engine) => engine.judge().map(({ variant, state }) => `${variant} ${state}`);

test("a failing canary is withdrawn after `for`, stays so when errors end, and comes back with a new generation", async () => {
  const { engine, clock, directives } = await engineWith({
    errorRate: { max: 0.01 },
    window: "1m",
    for: "20s",
    slot: "5s",
  });
  const { on, off } = visitorsOf(engine);
  const minute = (statusOf, slots) => {
    for (let slot = 0; slot < slots; slot++) {
      serve(engine, on, 100, statusOf);
      serve(engine, off, 100, ok);
      clock.now += 5 * SECOND;
    }
  };
  minute(ok, 12);
  assert.deepEqual(states(engine), ["on ok"]);
  minute((i) => (i % 5 === 0 ? 500 : 200), 3);
  assert.deepEqual(states(engine), ["on suspect"]);
  assert.deepEqual(directives, []);
  minute((i) => (i % 5 === 0 ? 500 : 200), 2);
  // Suspect at the ends of five slots in a row: for 20 seconds. The last one ended a second ago.
  assert.deepEqual(states(engine), ["on breach"]);
  const [directive, ...others] = directives;
  assert.deepEqual(others, []);
  const { evidence, ...rest } = directive;
  assert.deepEqual(rest, {
    flag: "checkout",
    variant: "on",
    generation: 0,
    action: "rollback",
    at: clock.now - SECOND,
  });
  assert.deepEqual(
    [evidence.condition, evidence.failed, evidence.requests, evidence.limit],
    ["errorRate.max", 100, 500, 0.01],
  );
  assert.equal(evidence.since, clock.now - 26 * SECOND);

  const withdrawn = engine.evaluate("checkout", { userId: on[0] });
  assert.deepEqual([withdrawn.variant, withdrawn.reason, withdrawn.detail], ["off", "DEFAULT", "rollback"]);
  assert.equal(engine.evaluate("checkout", { userId: "tester" }).detail, "rollback");
  assert.equal(engine.isEnabled("checkout", { userId: on[0] }), false);
  clock.now += 3_600 * SECOND;
  minute(ok, 12);
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).detail, "rollback");
  engine.load(snapshot({ errorRate: { max: 0.01 } }, { enabled: true, rolloutPercentage: 60 }));
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).detail, "rollback", "the same generation");
  engine.load(snapshot({ errorRate: { max: 0.01 } }, { generation: 1 }));
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).variant, "on");
  assert.deepEqual(engine.orders, { directives: [], clocks: [] });
});

test("only what a rollout drew is counted, and neither aborts, fallbacks, faults nor 4xx are failures", async () => {
  const { engine, clock } = await engineWith({
    errorRate: { max: 0.01 },
    window: "1m",
    for: "0s",
    slot: "5s",
    minRequests: 1,
  });
  const { on } = visitorsOf(engine);
  const drawn = engine.evaluate("checkout", { userId: on[0] });
  const listed = engine.evaluate("checkout", { userId: "tester" });
  const routed = { evaluation: drawn, fallback: false, fault: null };
  for (let i = 0; i < 50; i++) {
    engine.report(listed, { status: 500, durationMs: 1 });
    engine.report({ ...routed, fallback: true }, { status: 500, durationMs: 1 });
    engine.report({ ...routed, fault: { name: "chaos" } }, { status: 500, durationMs: 1 });
    engine.report({ ...routed, evaluation: null }, { status: 500, durationMs: 1 });
    engine.report(routed, { failure: "aborted", durationMs: 1 });
    engine.report(engine.evaluate("nothing"), { status: 500, durationMs: 1 });
  }
  assert.deepEqual(engine.drain().cells, []);
  for (let i = 0; i < 50; i++) engine.report(routed, { status: 404, durationMs: 1 });
  clock.now += 5 * SECOND;
  assert.deepEqual(states(engine), ["on insufficient"]);
  const [cell] = engine.drain().cells;
  assert.deepEqual([cell.requests, cell.failures, cell.timed], [50, 0, 50]);
  engine.report(routed, { failure: "network", durationMs: 1 });
  engine.report(routed, { failure: "timeout", durationMs: 30_000 });
  assert.equal(engine.drain().cells.at(-1).failures, 1, "the timeout began before the guard was there");
  clock.now += 60 * SECOND;
  engine.report(routed, { failure: "timeout", durationMs: 30_000 });
  assert.equal(engine.drain().cells.at(-1).failures, 1);
});

test("five failures in a row eject a variant here for half a minute, and nothing is latched", async () => {
  const { engine, clock, directives } = await engineWith({ consecutiveFailures: 5 });
  const { on } = visitorsOf(engine);
  const decision = () => engine.evaluate("checkout", { userId: on[0] });
  for (let i = 0; i < 5; i++) {
    assert.equal(decision().variant, "on");
    clock.now += SECOND;
    engine.report(decision(), { failure: "network", durationMs: 10 });
  }
  assert.equal(decision().detail, "rollback");
  assert.equal(engine.judge()[0].withdrawn, true);
  clock.now += 23 * SECOND;
  engine.judge();
  assert.equal(decision().detail, "rollback", "30 s, a fifth less at most");
  clock.now += 14 * SECOND;
  engine.judge();
  assert.equal(decision().variant, "on", "a fifth more at most");
  assert.deepEqual([directives, engine.orders], [[], { directives: [], clocks: [] }]);
});

test("a shared outage is no reason to withdraw, a canary that is worse than the control is", async () => {
  const { engine, clock, directives } = await engineWith({ window: "1m", for: "10s", slot: "5s" });
  const { on, off } = visitorsOf(engine);
  const tenth = (i) => (i % 10 === 0 ? 500 : 200);
  for (let slot = 0; slot < 20; slot++) {
    serve(engine, on, 200, tenth);
    serve(engine, off, 200, tenth);
    clock.now += 5 * SECOND;
  }
  assert.deepEqual([states(engine), directives], [["on ok"], []]);
  // A fifth instead of a tenth, less 1 %: about 3.2 nats a slot; alone it takes 19.7, and two slots more.
  for (let slot = 0; slot < 10; slot++) {
    serve(engine, on, 200, (i) => (i % 5 === 0 ? 500 : 200));
    serve(engine, off, 200, tenth);
    clock.now += 5 * SECOND;
  }
  engine.judge();
  assert.deepEqual(directives.map(({ action, evidence }) => [action, evidence.condition]), [["rollback", "errorRate.overControl"]]); // prettier-ignore
});

test("`warn` and `dryRun` tell and change nothing; `freeze` holds the schedule at the verdict", async () => {
  const at = (seconds) => new Date(START + seconds * SECOND).toISOString();
  const rollout = { schedule: [{ at: at(-10), percentage: 50 }, { at: at(600), percentage: 100 }] }; // prettier-ignore
  const flag = { rolloutPercentage: undefined, rollout };
  for (const [guard, orders] of [
    [{ onBreach: "warn" }, 0],
    [{ dryRun: true }, 0],
    [{ onBreach: "freeze" }, 1],
  ]) {
    const { engine, clock, directives } = await engineWith(
      { errorRate: { max: 0.01 }, window: "1m", for: "0s", slot: "5s", ...guard },
      flag,
    );
    const { on, off } = visitorsOf(engine);
    serve(engine, on, 100, failing);
    clock.now += 5 * SECOND;
    assert.deepEqual(states(engine), ["on breach"]);
    assert.equal(directives.length, orders);
    assert.equal(engine.evaluate("checkout", { userId: on[0] }).variant, "on");
    clock.now += 700 * SECOND;
    engine.judge();
    assert.equal(engine.evaluate("checkout", { userId: off[0] }).variant, "off", "held: the guard is not ok");
  }
});

test("a guarded schedule goes on only while its guard is ok, and from where it was held", async () => {
  const at = (seconds) => new Date(START + seconds * SECOND).toISOString();
  const rollout = { ramp: "linear", schedule: [{ at: at(0), percentage: 0 }, { at: at(1_000), percentage: 100 }] }; // prettier-ignore
  const { engine, clock } = await engineWith(
    { errorRate: { max: 0.01 }, window: "30s", for: "5s", slot: "5s" },
    { rolloutPercentage: undefined, rollout },
  );
  const share = () => {
    let on = 0;
    for (let i = 0; i < 10_000; i++) on += engine.isEnabled("checkout", { userId: `v-${i}` }) ? 1 : 0;
    return Math.round(on / 100);
  };
  clock.now += 250 * SECOND;
  engine.judge();
  // Nobody was in at the first judgement; at this one 25 % are, and nothing is known of them.
  assert.equal(share(), 25);
  clock.now += 100 * SECOND;
  engine.judge();
  assert.equal(share(), 25);
  const { on } = visitorsOf(engine);
  for (let slot = 0; slot < 6; slot++) {
    serve(engine, on, 100, ok);
    clock.now += 5 * SECOND;
  }
  assert.deepEqual(states(engine), ["on ok"]);
  const { clocks } = engine.orders;
  assert.equal(clocks[0].heldAt, undefined);
  const before = share();
  assert.ok(before >= 25 && before <= 29, `${before}`);
  clock.now += 5 * SECOND;
  serve(engine, on, 10, ok);
  clock.now += 100 * SECOND;
  assert.ok(share() >= before + 9, "it goes on");
});

test("a clock that fails neither holds a schedule nor judges anything", async () => {
  const rollout = { schedule: [{ at: new Date(START - SECOND).toISOString(), percentage: 50 }] };
  const { engine, clock } = await engineWith({ errorRate: { max: 0.01 } }, { rolloutPercentage: undefined, rollout });
  const { on } = visitorsOf(engine);
  const before = engine.orders;
  const decision = engine.evaluate("checkout", { userId: on[0] });
  for (const now of [NaN, Infinity, -Infinity]) {
    clock.now = now;
    engine.report(decision, { status: 500, durationMs: 1 });
    assert.deepEqual(engine.judge(), []);
    engine.drain();
  }
  assert.deepEqual(engine.orders, before);
  clock.now = START + 60 * SECOND;
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).variant, "on");
});

test("isolates tell a coordinator, which orders; deltas may come twice, late, or not at all", async () => {
  const guard = { errorRate: { max: 0.01 }, window: "1m", for: "10s", slot: "5s" };
  const coordinator = await engineWith(guard);
  const isolates = await Promise.all([1, 2, 3].map(() => engineWith(guard, { options: { coordinated: true } })));
  const { on } = visitorsOf(coordinator.engine);
  let lost = 0;
  for (let slot = 0; slot < 6; slot++) {
    for (const { engine, clock } of isolates) {
      serve(engine, on, 20, (i) => (i % 4 === 0 ? 500 : 200));
      clock.now += 5 * SECOND;
    }
    coordinator.clock.now += 5 * SECOND;
    for (const { engine } of isolates) {
      const delta = engine.drain();
      if (++lost % 3 === 0) continue;
      assert.equal(coordinator.engine.merge(delta), true);
      coordinator.engine.merge(JSON.stringify(delta));
      const { isolate, sequence } = delta;
      engine.apply({ ...coordinator.engine.orders, acknowledged: { isolate, sequence } });
    }
    coordinator.engine.judge();
  }
  assert.equal(coordinator.directives.length, 1);
  for (const { engine } of isolates) engine.apply(coordinator.engine.orders.directives);
  for (const { engine, directives } of isolates) {
    assert.equal(engine.evaluate("checkout", { userId: on[0] }).detail, "rollback");
    assert.equal(directives.length, 1);
  }
});

test("a verdict of a coordinated engine's own ejects for a while, and latches nothing", async () => {
  const { engine, clock, directives } = await engineWith(
    { errorRate: { max: 0.01 }, window: "1m", for: "0s", slot: "5s" },
    { options: { coordinated: true } },
  );
  const { on } = visitorsOf(engine);
  serve(engine, on, 100, failing);
  clock.now += 5 * SECOND;
  engine.judge();
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).detail, "rollback");
  assert.deepEqual([directives, engine.orders.directives], [[], []]);
  clock.now += 120 * SECOND;
  engine.judge();
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).variant, "on");
});

test("a coordinated engine's schedules are the coordinator's to hold, from its first moment on", async () => {
  const at = (seconds) => new Date(START + seconds * SECOND).toISOString();
  const rollout = { schedule: [{ at: at(-60), percentage: 10 }, { at: at(60), percentage: 50 }] }; // prettier-ignore
  const flag = { rolloutPercentage: undefined, rollout };
  const { engine, clock } = await engineWith({}, { ...flag, options: { coordinated: true } });
  assert.deepEqual(engine.orders.clocks, []);
  const share = () => {
    const ids = Array.from({ length: 2_000 }, (_, number) => `v-${number}`);
    return Math.round(ids.filter((userId) => engine.isEnabled("checkout", { userId })).length / 20);
  };
  clock.now += 70 * SECOND;
  engine.judge();
  assert.ok(Math.abs(share() - 50) < 4, `${share()}`);
  engine.apply({ clocks: [{ flag: "checkout", generation: 0, heldAt: START, lagMs: 0 }] });
  assert.ok(Math.abs(share() - 10) < 3, `${share()}`);
  engine.apply({ clocks: [{ flag: "checkout", generation: 0, lagMs: 5_000 }] });
  assert.ok(Math.abs(share() - 50) < 4, `${share()}`);
});

test("what is no delta and what are no orders is refused with a place, and nothing of it is taken", async () => {
  const { engine } = await engineWith({});
  const refused = (work) => {
    assert.throws(work, (error) => error instanceof PointsmanError && error.problems.length > 0);
  };
  for (const delta of [
    "",
    "{",
    "null",
    "{}",
    { isolate: "", sequence: 1, cells: [] },
    { isolate: "a", sequence: 1, cells: [{}] },
  ]) {
    // prettier-ignore
    refused(() => engine.merge(delta));
  }
  const directive = { flag: "checkout", variant: "on", generation: 0, action: "rollback", at: 1 };
  for (const orders of [
    "",
    "7",
    { directives: [{}] },
    [{ ...directive, action: "explode" }],
    [{ ...directive, at: -1 }],
    { directives: [directive], x: 1 },
  ]) {
    // prettier-ignore
    refused(() => engine.apply(orders));
  }
  assert.deepEqual(engine.orders, { directives: [], clocks: [] });
  engine.apply([directive, { ...directive, flag: "of another snapshot" }]);
  assert.equal(engine.orders.directives.length, 2);
  assert.equal(engine.isEnabled("checkout", { userId: "tester" }), false);
});

test("the control is never withdrawn, and an unknown variant changes nothing", async () => {
  const { engine } = await engineWith({});
  const { on, off } = visitorsOf(engine);
  const directive = { flag: "checkout", generation: 0, action: "rollback", at: 1 };
  engine.apply([
    { ...directive, variant: "off" },
    { ...directive, variant: "neither" },
  ]);
  assert.equal(engine.evaluate("checkout", { userId: on[0] }).variant, "on");
  assert.equal(engine.evaluate("checkout", { userId: off[0] }).detail, "rollout");
});

test("standings and directives are told in words, as natively", () => {
  const cases = JSON.parse(readFileSync(new URL("../../tests/standings.json", import.meta.url), "utf8"));
  assert.ok(cases.length >= 9);
  for (const { standing, text } of cases) assert.equal(standingText(standing), text);
  const { evidence } = cases[0].standing;
  const directive = { flag: "checkout", variant: "canary", generation: 0, action: "rollback", at: START };
  assert.equal(directiveText(directive), "rollback of checkout canary");
  assert.equal(
    directiveText({ ...directive, evidence }),
    "rollback of checkout canary: since 12:03:20, 31 of 402 failed, limit 1 %; control 2 of 7,911",
  );
});
