/** A live engine that follows its source by a timer. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, test } from "node:test";
import { createEngine } from "../dist/node.js";
import { liveEngine, poll } from "../dist/source.js";

const text = JSON.stringify({ flags: { a: { enabled: true } } });
const settled = () => new Promise(setImmediate);

/** @type {number} */
let reads;
let failing = false;
beforeEach(() => {
  reads = 0;
  failing = false;
});
afterEach(() => void Reflect.deleteProperty(globalThis, "document"));

const following = () =>
  liveEngine({
    source: {
      async read() {
        reads++;
        if (failing) throw new Error("down");
        return text;
      },
    },
    create: (snapshot) => createEngine({ snapshot }),
  });

/** Lets time pass, and counts what was read in it. @param {import("node:test").TestContext} t @param {number} ms */
async function readsIn(t, ms) {
  const before = reads;
  // Timers that a timer sets are set only once its promises have settled.
  for (let passed = 0; passed < ms; passed += 500) {
    t.mock.timers.tick(500);
    await settled();
  }
  return reads - before;
}

const timed = (name, body) =>
  test(name, (t) => {
    t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
    return body(t);
  });

timed("it reads at once, then once an interval, until it is stopped", async (t) => {
  const live = following();
  const { stop } = poll(live, { interval: 10_000, jitter: 0 });
  await settled();
  assert.equal(reads, 1);
  assert.equal(live.current()?.isEnabled("a", {}), true);
  assert.equal(await readsIn(t, 40_000), 4);
  stop();
  assert.equal(await readsIn(t, 40_000), 0);
  assert.equal(live.current()?.isEnabled("a", {}), true);
});

timed("an engine that is there already is read after the first interval", async (t) => {
  const live = following();
  await live.refresh();
  const { stop } = poll(live, { interval: 10_000, jitter: 0 });
  assert.deepEqual([await readsIn(t, 9_500), await readsIn(t, 500)], [0, 1]);
  stop();
});

timed("a signal stops it, also one that was aborted before", async (t) => {
  const ending = new AbortController();
  poll(following(), { interval: 10_000, signal: ending.signal });
  await settled();
  ending.abort();
  assert.equal(await readsIn(t, 60_000), 0);
  poll(following(), { interval: 10_000, signal: ending.signal });
  assert.equal(await readsIn(t, 60_000), 0);
  assert.equal(reads, 1);
});

timed("by itself it reads twice to thrice a minute, and a failing source once", async (t) => {
  const { stop } = poll(following());
  await settled();
  const well = await readsIn(t, 600_000);
  assert.ok(well >= 18 && well <= 20, String(well));
  failing = true;
  await readsIn(t, 120_000);
  const ill = await readsIn(t, 600_000);
  assert.ok(ill >= 9 && ill <= 10, String(ill));
  failing = false;
  await readsIn(t, 66_000);
  const again = await readsIn(t, 600_000);
  assert.ok(again >= 18 && again <= 20, String(again));
  stop();
});

timed("a page that nobody sees does not read; once seen, at once if it is due", async (t) => {
  const page = Object.assign(new EventTarget(), { hidden: true });
  Object.assign(globalThis, { document: page });
  const see = async (/** @type {boolean} */ isSeen) => {
    page.hidden = !isSeen;
    page.dispatchEvent(new Event("visibilitychange"));
    await settled();
  };
  const { stop } = poll(following(), { interval: 10_000, jitter: 0 });
  assert.equal(await readsIn(t, 60_000), 0);
  await see(true);
  assert.equal(reads, 1);
  await see(false);
  await see(true);
  assert.equal(reads, 1, "it was not due");
  assert.equal(await readsIn(t, 20_000), 2);
  await see(false);
  assert.equal(await readsIn(t, 60_000), 0);
  stop();
  await see(true);
  assert.equal(reads, 3);
});

test("it keeps no process alive", () => {
  const dist = (/** @type {string} */ name) => JSON.stringify(new URL(`../dist/${name}.js`, import.meta.url).href);
  const program = `
    const { createEngine } = await import(${dist("node")});
    const { liveEngine, poll } = await import(${dist("source")});
    const source = { read: async () => ${JSON.stringify(text)} };
    const live = liveEngine({ source, create: (snapshot) => createEngine({ snapshot }) });
    poll(live);
    console.log((await live.get()).isEnabled("a", {}));`;
  const options = { encoding: /** @type {const} */ ("utf8"), timeout: 20_000 };
  assert.equal(execFileSync(process.execPath, ["--input-type=module", "--eval", program], options), "true\n");
});
