/** When a live engine asks its source, what it tells of it, and what it begins with. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as flags from "../dist/flags/node.js";
import { createEngine } from "../dist/node.js";
import { cached, liveEngine } from "../dist/source.js";

const text = (/** @type {number} */ revision) => JSON.stringify({ revision, flags: { a: { enabled: true } } });
const hang = () => new Promise(() => {});
const settled = () => new Promise(setImmediate);

/**
 * A live engine with a clock that is set by hand, and a source that is counted.
 * @param {() => unknown} read
 * @param {Partial<import("../dist/source.js").LiveOptions> & { copy?: object }} [options]
 */
function follow(read, { copy, ...options } = {}) {
  const told = { reads: 0, errors: /** @type {string[]} */ ([]), loads: /** @type {unknown[]} */ ([]) };
  const clock = { now: 1_000_000 };
  const live = liveEngine({
    source: /** @type {any} */ ({ read: async () => (told.reads++, read()), ...(copy === undefined ? {} : { copy }) }),
    create: (snapshot) => createEngine({ snapshot, clock: () => clock.now }),
    clock: () => clock.now,
    onError: (error) => told.errors.push(String(error)),
    onLoad: ({ revision, added, changed }) => told.loads.push([revision, added, changed]),
    timeout: 200,
    ...options,
  });
  /** Milliseconds until a request makes it read, to the nearest 50. */
  const untilRead = async () => {
    const from = clock.now;
    for (const before = told.reads; told.reads === before; await settled()) {
      clock.now += 50;
      await Promise.resolve(live.get()).catch(() => {});
    }
    return clock.now - from;
  };
  return { live, told, clock, untilRead };
}

test("intervals differ, by a tenth at most", async () => {
  const { live, untilRead } = follow(() => text(1));
  await live.get();
  const waits = [];
  for (let at = 0; at < 30; at++) waits.push(await untilRead());
  assert.ok(Math.min(...waits) >= 5_000 && Math.max(...waits) <= 5_550, String(waits));
  // Thirty draws all within the same 50 ms of 500: once in 10^29 runs.
  assert.ok(new Set(waits).size > 1, String(waits));
});

test("a source that fails is asked at intervals that double, up to a minute; once well, as before", async () => {
  let failing = false;
  const read = () => {
    if (failing) throw new Error("down");
    return text(1);
  };
  const { live, untilRead } = follow(read, { jitter: 0 });
  await live.get();
  failing = true;
  const waits = [];
  for (let at = 0; at < 7; at++) waits.push(await untilRead());
  assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  failing = false;
  assert.deepEqual([await untilRead(), await untilRead(), await untilRead()], [60_000, 5_000, 5_000]);
});

test("an interval over a minute is not shortened by failures", async () => {
  const { live, untilRead } = follow(() => null, { jitter: 0, interval: 90_000, snapshot: text(1) });
  await live.get();
  await settled();
  assert.deepEqual([await untilRead(), await untilRead()], [90_000, 90_000]);
});

test("without any snapshot a failing source is asked each interval", async () => {
  const { live, untilRead } = follow(() => null, { jitter: 0 });
  await assert.rejects(Promise.resolve(live.get()), /no snapshot yet/);
  assert.deepEqual([await untilRead(), await untilRead(), await untilRead()], [5_000, 5_000, 5_000]);
});

test("each snapshot that comes into use is told once, a bundled one too; no confirmation, none that is refused", async () => {
  const stored = [text(1), "{", text(1), text(2), text(2), text(1), text(3).replace("true", "false")];
  const { live, told } = follow(() => stored.shift(), { snapshot: text(0) });
  await live.get();
  assert.deepEqual(told.loads.shift(), [0, ["a"], []]);
  while (stored.length > 0) await live.refresh();
  assert.deepEqual(told.loads, [
    [1, [], []],
    [2, [], []],
    [3, [], ["a"]],
  ]);
});

test("a listener that throws is an error like others, and the snapshot is in use", async () => {
  const onLoad = () => {
    throw new Error("not my day");
  };
  const { live, told } = follow(() => text(1), { onLoad });
  assert.equal((await live.get()).revision, 1);
  assert.deepEqual(told.errors, ["Error: not my day"]);
});

test("refresh() joins the read under way, and is false for a source that fails or hangs", async () => {
  const reads = [() => text(1), () => Promise.reject(new Error("down")), hang];
  const { live, told } = follow(() => reads.shift()?.());
  assert.deepEqual(await Promise.all([live.refresh(), live.refresh()]), [true, true]);
  assert.equal(told.reads, 1);
  assert.deepEqual([await live.refresh(), await live.refresh()], [false, false]);
  assert.equal(live.current()?.revision, 1);
});

test("who gives up on a read aborts it", async () => {
  let aborted = false;
  const source = { read: (signal) => (signal.addEventListener("abort", () => (aborted = true)), hang()) };
  const live = liveEngine({
    source: /** @type {any} */ (source),
    create: (snapshot) => createEngine({ snapshot }),
    timeout: 20,
  });
  await live.refresh();
  await settled();
  assert.equal(aborted, true);
});

test("the age is what the source says, from then on", async () => {
  const { live, clock } = follow(() => ({ snapshot: text(1), age: 40_000 }));
  const engine = await live.get();
  assert.equal(engine.age, 40_000);
  clock.now += 1_000;
  assert.equal(engine.age, 41_000);
  await live.refresh();
  assert.equal(engine.age, 40_000);
});

test("the engine for pages is followed as well", async () => {
  const live = liveEngine({
    source: { read: async () => text(1) },
    create: (snapshot) => flags.createEngine({ snapshot }),
  });
  assert.equal((await live.get()).isEnabled("a", {}), true);
});

const recalls = (/** @type {any} */ recall) => ({ recall: async () => recall(), keep: async () => {} });

test("a copy is served while the source hangs, as old as it is, and before what is bundled", async () => {
  const copy = recalls(() => ({ snapshot: text(7), age: 30_000 }));
  const { live } = follow(hang, { copy, snapshot: text(5) });
  const engine = await live.get();
  assert.deepEqual([engine.revision, engine.age], [7, 30_000]);
});

for (const [what, recall] of /** @type {const} */ ([
  ["there is none", () => null],
  ["is garbage", () => ({ snapshot: "<html>", age: 0 })],
  ["can't be had", () => Promise.reject(new Error("no cache"))],
  ["hangs", hang],
])) {
  test(`a copy that ${what} leaves the bundled snapshot, or else the source's`, async () => {
    const bundled = follow(hang, { copy: recalls(recall), snapshot: text(5) });
    assert.equal((await bundled.live.get()).revision, 5);
    const read = follow(() => text(9), { copy: recalls(recall) });
    assert.equal((await read.live.get()).revision, 9);
  });
}

test("a copy whose engine is made after the source's changes nothing", async () => {
  const old = JSON.stringify({ flags: {} });
  const made = /** @type {(() => void)[]} */ ([]);
  const create = async (/** @type {any} */ snapshot) => {
    if (snapshot === old) await new Promise((resolve) => made.push(() => resolve(null)));
    return createEngine({ snapshot });
  };
  const { live } = follow(() => text(9), { copy: recalls(() => ({ snapshot: old, age: 0 })), create });
  const first = live.get();
  await live.refresh();
  assert.equal(live.current()?.revision, 9);
  for (const finish of made) finish();
  assert.equal((await first).revision, 9);
  assert.deepEqual([made.length, live.current()?.revision], [1, 9]);
});

test("what is kept is what is in use, when it is new and once a minute", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  const puts = /** @type {string[]} */ ([]);
  const cache = {
    match: async () => undefined,
    put: async (_, response) =>
      void puts.push(`${(await response.text()).length} ${response.headers.get("x-confirmed-at")}`),
  };
  let stored = new TextEncoder().encode(text(1));
  const source = cached({ read: async () => stored }, async () => cache);
  const live = liveEngine({ source, create: (snapshot) => createEngine({ snapshot }) });
  const refresh = async (/** @type {number} */ later) => {
    t.mock.timers.tick(later);
    await live.refresh();
    await settled();
    return puts.length;
  };
  assert.deepEqual([await refresh(0), await refresh(1_000), await refresh(58_999), await refresh(1)], [1, 1, 1, 2]);
  stored = new TextEncoder().encode(text(22));
  assert.equal(await refresh(1), 3);
  stored = new TextEncoder().encode("{");
  assert.equal(await refresh(60_000), 3);
  const [size, more] = [text(1).length, text(22).length];
  assert.deepEqual(puts, [`${size} 1000000`, `${size} 1060000`, `${more} 1060001`]);
});

test("a cache that can't be written is told, and nobody waits for it", async () => {
  const broken = { match: async () => undefined, put: () => Promise.reject(new Error("full")) };
  const told = /** @type {string[]} */ ([]);
  const source = cached({ read: async () => text(1) }, async () => broken);
  const live = liveEngine({
    source,
    create: (snapshot) => createEngine({ snapshot }),
    onError: (error) => told.push(String(error)),
  });
  assert.equal((await live.get()).revision, 1);
  await settled();
  assert.deepEqual(told, ["Error: full"]);
});
