// @ts-nocheck: this calls on purpose what the types forbid.
/** Clocks that go wrong while an engine is in use: who is in doubt stays out, and the last good state stays. */
import { mintOverride, verifyOverrides } from "../../js/dist/overrides.js";
import { liveEngine } from "../../js/dist/source.js";
import { equal } from "./check.mjs";

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const NOON = Date.UTC(2026, 5, 15, 12);

/** What is no time. */
const NO_TIMES = {
  NaN: () => NaN,
  "for ever": () => Infinity,
  "before all time": () => -Infinity,
  null: () => null,
  nothing: () => undefined,
  "a text": () => String(NOON),
  "a date": () => new Date(NOON),
  "a BigInt": () => BigInt(NOON),
  throws() {
    throw new Error("no clock");
  },
};

const timed = { enabled: true, rollout: { schedule: [{ at: "2026-06-15T00:00:00Z", percentage: 100 }] } };
const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const guard = { errorRate: { max: 0.01 }, slot: "5s", for: "0s", minRequests: 1 };
const until = "2026-06-16T00:00:00Z";
const SNAPSHOT = {
  flags: {
    timed,
    listed,
    guarded: { ...timed, guard },
    drawn: { enabled: true, rolloutPercentage: 100, guard },
  },
  backends: { a: { origin: "http://a.test" } },
  routes: [
    {
      name: "r",
      match: {},
      backend: "a",
      fallback: "a",
      faults: [{ name: "late", percentage: 100, until, abort: { status: 503 } }],
    },
  ],
};
const request = { url: "http://x.test/", method: "GET", headers: { get: () => null } };
const bob = { userId: "bob" };

/** @param {{ createEngine: Function }} module @param {import("./check.mjs").Check} check */
export async function runClocks({ createEngine }, check) {
  for (const [name, broken] of Object.entries(NO_TIMES)) {
    await check(`a clock that gives no time: ${name}`, () => withoutTime(createEngine, broken));
    await check(`a clock that gives no time for a while: ${name}`, () => forAWhile(createEngine, broken));
    await check(`a source's clock that gives no time: ${name}`, () => sourceWithoutTime(createEngine, broken));
    await check(`a token's time that is none: ${name}`, () => tokenWithoutTime(broken));
  }
  await check("a clock that is set back", () => setBack(createEngine));
  await check("a clock that jumps by years", () => jumps(createEngine));
  await check("a clock that stands still", () => standsStill(createEngine));
  await check("a source's clock that is set back while a read hangs", () => hangs(createEngine));
}

/** What needs no time is decided, what needs one is an error, and no fault is injected. */
function outOfTime(engine) {
  for (const key of ["timed", "guarded"]) {
    for (const { variant, errorCode } of [engine.evaluate(key, bob), engine.context(bob).evaluate(key)]) {
      equal([variant, errorCode], ["off", "GENERAL"]);
    }
  }
  equal(engine.evaluateAll(bob).get("timed").errorCode, "GENERAL");
  equal(engine.isEnabled("listed", { userId: "alice" }), true);
  equal(engine.route(request)?.fault ?? null, null);
  equal(engine.route(request).backend, "a");
  equal(engine.age, null);
  for (let i = 0; i < 100; i++) engine.report(engine.evaluate("drawn", bob), { status: 500, durationMs: 1 });
  engine.judge();
  engine.drain();
  equal(engine.orders.directives ?? [], []);
  equal(engine.traps, 0);
}

async function withoutTime(createEngine, broken) {
  outOfTime(await createEngine({ snapshot: SNAPSHOT, clock: broken }));
  outOfTime(await createEngine({ snapshot: { ...SNAPSHOT, maxAge: "1h" }, clock: broken }));
}

async function forAWhile(createEngine, broken) {
  let clock = () => NOON;
  const engine = await createEngine({ snapshot: SNAPSHOT, clock: () => clock() });
  equal(engine.isEnabled("timed", bob), true);
  equal(engine.route(request).fault?.name, "late");
  clock = broken;
  outOfTime(engine);
  clock = () => NOON + 1_000;
  equal(engine.isEnabled("timed", bob), true);
  equal(engine.age, 1_000);
}

/** By the schedule, nobody had it then. What was ordered stays ordered. */
async function setBack(createEngine) {
  let now = NOON;
  const engine = await createEngine({ snapshot: { ...SNAPSHOT, maxAge: "1h" }, clock: () => now });
  const fail = () => {
    for (let i = 0; i < 200; i++) engine.report(engine.evaluate("drawn", bob), { status: 500, durationMs: 1 });
  };
  // What begins in the very millisecond of the load is not the guard's to judge.
  now += 1_000;
  fail();
  now += 5_000;
  engine.judge();
  equal(engine.evaluate("drawn", bob).detail, "rollback");
  for (const back of [1, 60_000, DAY, YEAR, 60 * YEAR]) {
    now = NOON - back;
    equal(engine.evaluate("timed", bob).variant, back < DAY / 2 ? "on" : "off");
    equal(engine.evaluate("drawn", bob).detail, "rollback");
    fail();
    engine.judge();
    equal(engine.age, 0);
    equal(engine.traps, 0);
  }
}

/** A clock that is ahead by years finishes every schedule, but where `maxAge` says how long it is believed. */
async function jumps(createEngine) {
  const rollout = { schedule: [{ at: "2026-12-24T00:00:00Z", percentage: 100 }] };
  const snapshot = { maxAge: "1h", flags: { timed: { enabled: true, rollout } } };
  let now = NOON;
  const engine = await createEngine({ snapshot, clock: () => now });
  for (const jump of [3_600_001, YEAR, 1_000 * YEAR, Number.MAX_VALUE]) {
    now = NOON + jump;
    equal(engine.isEnabled("timed", bob), false);
    now = NOON;
    equal(engine.isEnabled("timed", bob), false);
  }
  now = NOON + YEAR;
  engine.confirm();
  equal(engine.isEnabled("timed", bob), true);
}

async function standsStill(createEngine) {
  const engine = await createEngine({ snapshot: SNAPSHOT, clock: () => NOON });
  for (let i = 0; i < 200; i++) engine.report(engine.evaluate("drawn", bob), { status: 500, durationMs: 1 });
  engine.judge();
  equal([engine.age, engine.isEnabled("timed", bob), engine.traps], [0, true, 0]);
}

/** Every request would read the source if its clock were believed. */
async function sourceWithoutTime(createEngine, broken) {
  let reads = 0;
  const source = {
    async read() {
      reads++;
      return JSON.stringify(SNAPSHOT);
    },
  };
  const live = liveEngine({ source, create: (snapshot) => createEngine({ snapshot }), clock: broken });
  for (let i = 0; i < 100; i++) equal((await live.get()).isEnabled("listed", { userId: "alice" }), true);
  equal(reads, 1);
  equal(await live.refresh(), true);
  equal(reads, 2);
}

/** In workerd a read never ends whose request was cancelled. */
async function hangs(createEngine) {
  let now = NOON;
  const hanging = new Promise(() => {});
  const reads = [];
  const source = {
    read: () => reads.push(now) && (reads.length === 1 ? hanging : Promise.resolve(JSON.stringify(SNAPSHOT))),
  };
  const snapshot = { flags: {} };
  const live = liveEngine({
    source,
    snapshot,
    create: (given) => createEngine({ snapshot: given }),
    clock: () => now,
    timeout: 50,
  });
  const first = live.get();
  now -= YEAR;
  await first;
  await live.get();
  equal(reads, [NOON, NOON - YEAR]);
}

async function tokenWithoutTime(broken) {
  let now;
  try {
    now = broken();
  } catch {
    return;
  }
  if (now === undefined) return;
  const key = "a key that no one but this test may have";
  const claims = { flag: "f", variant: "on", scope: "x.test", expires: 1_000 };
  const token = await mintOverride(claims, key, { now: 0 });
  equal(await verifyOverrides(token, { key, scope: "x.test", now: 999 }), [
    { flag: "f", variant: "on", expires: 1_000 },
  ]);
  equal(await verifyOverrides(token, { key, scope: "x.test", now }), []);
}
