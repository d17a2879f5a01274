// @ts-nocheck: a clock that fails is none of the types'.
/** The time that schedules see once nobody has confirmed the snapshot for longer than its `maxAge`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { liveEngine } from "../dist/router.js";
import { edgeAlone, engineModule } from "./builds.mjs";

const { createEngine } = await engineModule(import.meta.url);

const NINE = Date.UTC(2026, 0, 31, 9);
const MINUTE = 60_000;
const rollout = { schedule: [{ at: "2026-01-31T09:05:00Z", percentage: 100 }] };
const snapshot = (revision, maxAge = "1m") => ({ revision, maxAge, flags: { launch: { enabled: true, rollout } } });

async function started(at, maxAge) {
  const clock = { now: at };
  const engine = await createEngine({ snapshot: snapshot(1, maxAge), clock: () => clock.now });
  return { engine, clock, isOn: () => engine.isEnabled("launch", {}) };
}

test("schedules go on for maxAge after the load, to the millisecond, and then hold where they are", async () => {
  for (const [early, expected] of [
    [0, true],
    [1, false],
  ]) {
    const { clock, isOn } = await started(NINE + 4 * MINUTE - early);
    for (const later of [0, 1, 60 * MINUTE]) {
      clock.now = NINE + 5 * MINUTE + later;
      assert.equal(isOn(), expected, `${early} ms early, ${later} ms later`);
    }
  }
});

test("confirm() and every load begin it anew: the same snapshot again, and another", async () => {
  const renewals = [
    (engine) => engine.confirm(),
    (engine) => engine.load(snapshot(1)),
    (engine) => engine.load(snapshot(2)),
  ];
  for (const renew of renewals) {
    const { engine, clock, isOn } = await started(NINE);
    clock.now = NINE + 5 * MINUTE;
    assert.equal(isOn(), false);
    renew(engine);
    assert.equal(isOn(), true);
  }
});

test("a refused snapshot confirms nothing", async () => {
  const { engine, clock, isOn } = await started(NINE);
  clock.now = NINE + 5 * MINUTE;
  assert.throws(() => engine.load("{"));
  assert.equal(isOn(), false);
});

test("prepared contexts and all flags see the same time", async () => {
  const { engine, clock } = await started(NINE);
  const prepared = engine.context({});
  clock.now = NINE + 6 * MINUTE;
  const answers = () => [
    engine.evaluate("launch", {}).variant,
    prepared.evaluate("launch").variant,
    engine.evaluateAll({}).get("launch").variant,
  ];
  assert.deepEqual(answers(), ["off", "off", "off"]);
  engine.confirm();
  assert.deepEqual(answers(), ["on", "on", "on"]);
});

test("explanations see the same time", edgeAlone(import.meta.url), async () => {
  const { engine, clock } = await started(NINE);
  clock.now = NINE + 6 * MINUTE;
  assert.equal(engine.explain("launch", {}).variant, "off");
  engine.confirm();
  assert.equal(engine.explain("launch", {}).variant, "on");
});

test("without a maxAge a snapshot is believed for ever", async () => {
  const ageless = { ...snapshot(1), maxAge: undefined };
  for (const start of [NINE, NaN]) {
    const clock = { now: start };
    const engine = await createEngine({ snapshot: ageless, clock: () => clock.now });
    clock.now = NINE + 365 * 24 * 60 * MINUTE;
    assert.equal(engine.isEnabled("launch", {}), true);
  }
});

test("a clock that stood at 0 while the script started counts from its first reading", async () => {
  for (const [first, expected] of [
    [NINE + 4 * MINUTE, true],
    [NINE + 4 * MINUTE - 1, false],
  ]) {
    const { clock, isOn } = await started(0);
    clock.now = first;
    assert.equal(isOn(), false);
    clock.now = NINE + 60 * MINUTE;
    assert.equal(isOn(), expected);
  }
});

test("a clock that failed at the load gives an error until the next confirmation", async () => {
  const { engine, clock, isOn } = await started(NaN);
  clock.now = NINE + 6 * MINUTE;
  assert.deepEqual([isOn(), engine.evaluate("launch", {}).errorCode], [false, "GENERAL"]);
  engine.confirm();
  assert.equal(isOn(), true);
});

test("a live engine is confirmed by a read of the snapshot in use, and not by one that was refused before", async () => {
  const clock = { now: NINE };
  const schedule = [{ at: "2026-01-31T09:05:00Z", percentage: 100 }, { at: "2026-01-31T09:10:00Z", percentage: 0 }]; // prettier-ignore
  const good = JSON.stringify({ maxAge: "1m", flags: { launch: { enabled: true, rollout: { schedule } } } });
  let stored = good;
  const live = liveEngine({
    source: { read: async () => stored },
    create: (first) => createEngine({ snapshot: first, clock: () => clock.now }),
    interval: 1,
    patience: 1_000,
    clock: () => clock.now,
  });
  /** Long after the last request, so that this one waits for the source. */
  const askAt = async (minutes) => {
    clock.now = NINE + minutes * MINUTE;
    return (await live.get()).isEnabled("launch", {});
  };
  assert.equal(await askAt(0), false);
  assert.equal(await askAt(5), true);
  stored = "{";
  assert.equal(await askAt(20), true);
  assert.equal(await askAt(30), true);
  stored = good;
  assert.equal(await askAt(40), false);
});

test("the age counts from the last confirmation, which may lie back", async () => {
  for (const maxAge of [undefined, "1m"]) {
    const { engine, clock } = await started(NINE, maxAge);
    clock.now += 90_000;
    assert.equal(engine.age, 90_000);
    assert.throws(() => engine.load("{"));
    assert.equal(engine.age, 90_000, "a refused snapshot confirms nothing");
    engine.confirm(30_000);
    assert.equal(engine.age, 30_000);
    engine.load(snapshot(1));
    assert.equal(engine.age, 0);
    for (const none of [NaN, -1, Infinity]) {
      engine.confirm(none);
      assert.equal(engine.age, 0, String(none));
    }
  }
});

test("schedules hold by a confirmation that lies back", async () => {
  const { engine, clock, isOn } = await started(NINE);
  clock.now = NINE + 5 * MINUTE;
  engine.confirm(MINUTE);
  assert.equal(isOn(), true);
  engine.confirm(MINUTE + 1);
  assert.equal(isOn(), false);
});

test("a clock that fails is an error, with a maxAge and without", async () => {
  for (const maxAge of [undefined, "1m"]) {
    const { engine, clock } = await started(NINE, maxAge);
    clock.now = NaN;
    assert.equal(engine.evaluate("launch", {}).errorCode, "GENERAL");
  }
});

test("the age is null where the clock fails, and never below 0", async () => {
  const { engine, clock } = await started(NINE);
  clock.now = NINE - MINUTE;
  assert.equal(engine.age, 0);
  clock.now = NaN;
  assert.equal(engine.age, null);
  clock.now = NINE + MINUTE;
  assert.equal(engine.age, MINUTE);
});

test("a clock that stood at 0 while the script started has an age from its first reading", async () => {
  const { engine, clock } = await started(0);
  clock.now = NINE;
  assert.equal(engine.age, 0);
  clock.now = NINE + 1_000;
  assert.equal(engine.age, 1_000);
});
