// How exposures get to whoever counts them: in batches, in the background, and never at a request's cost.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { until } from "../../tests/runtimes/router/client.mjs";
import { closedPort, startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { createExposures, observe, PermanentError, sendTo } from "../dist/exposure.js";
import { createEngine } from "../dist/node.js";

/** @typedef {import("../dist/exposure.js").Exposure} Exposure */

const execute = promisify(execFile);
const engine = await createEngine({ snapshot: { flags: { half: { enabled: true, rolloutPercentage: 50 } } } });

/** Every attempt to send is kept. @param {(attempt: number, signal: AbortSignal) => unknown} answer @param {object} [options] */
function collector(answer, options = {}) {
  /** @type {(readonly Exposure[])[]} */
  const attempts = [];
  /** @type {unknown[]} */
  const errors = [];
  const exposures = createExposures({
    send: (batch, signal) => answer(attempts.push(batch), signal),
    onError: (error) => errors.push(error),
    ...options,
  });
  const observed = observe(engine, exposures);
  const see = (/** @type {number} */ from, /** @type {number} */ to) => {
    for (let i = from; i < to; i++) observed.isEnabled("half", { userId: `u${i}` });
  };
  const counts = () => [exposures.sent, exposures.dropped, exposures.pending];
  return { exposures, attempts, errors, see, counts };
}

const units = (/** @type {readonly Exposure[]} */ batch) => batch.map(({ unit }) => unit).join();

test("batches of the size that was chosen, in order, one after the other", async () => {
  let active = 0;
  const busy = async () => {
    assert.equal(++active, 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    active--;
  };
  const { exposures, attempts, see, counts } = collector(busy, { maxBatch: 3 });
  see(0, 8);
  await exposures.flush();
  assert.deepEqual(attempts.map(units), ["u0,u1,u2", "u3,u4,u5", "u6,u7"]);
  assert.deepEqual(counts(), [8, 0, 0]);
});

test("sent when there are enough, and otherwise when the time is up", async () => {
  const { attempts, see } = collector(() => {}, { maxBatch: 2, flushInterval: 60_000 });
  see(0, 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(attempts.length, 0);
  see(1, 2);
  await until(async () => attempts.length, (length) => length === 1); // prettier-ignore
  const timed = collector(() => {}, { flushInterval: 20 });
  for (const i of [0, 1]) {
    timed.see(i, i + 1);
    // The second time, too: the timer is set again.
    await until(async () => timed.attempts.length, (length) => length === i + 1); // prettier-ignore
  }
});

test("a batch of one is a call for each", async () => {
  const { exposures, attempts, see } = collector(() => {}, { maxBatch: 1, flushInterval: 3_600_000 });
  see(0, 3);
  await exposures.flush();
  assert.deepEqual(attempts.map(units), ["u0", "u1", "u2"]);
});

test("a batch that fails is sent again, with the same ids", async () => {
  const twice = (/** @type {number} */ attempt) => attempt < 3 && Promise.reject(new Error("down"));
  const { exposures, attempts, errors, see, counts } = collector(twice);
  see(0, 2);
  await exposures.flush();
  assert.equal(attempts.length, 3);
  assert.deepEqual(attempts[2], attempts[0]);
  assert.deepEqual([counts(), errors], [[2, 0, 0], []]);
});

test("after three attempts it is dropped, counted and told; the others go later, and whoever comes again is recorded again", async () => {
  let down = true;
  const answer = () => down && Promise.reject(new Error("down"));
  const { exposures, attempts, errors, see, counts } = collector(answer, { maxBatch: 2, flushInterval: 20 });
  see(0, 3);
  await exposures.flush();
  assert.deepEqual(attempts.map(units), ["u0,u1", "u0,u1", "u0,u1"]);
  assert.deepEqual([counts(), errors.map(String)], [[0, 2, 1], ["Error: down"]]);
  down = false;
  await until(async () => attempts.slice(3).map(units), ([last]) => last === "u2"); // prettier-ignore
  see(0, 1);
  await exposures.flush();
  assert.deepEqual(attempts.slice(4).map(units), ["u0"]);
  assert.deepEqual(counts(), [2, 2, 0]);
});

test("what is permanent is not tried again; a sender that throws is one that failed", async () => {
  const refused = collector(() => Promise.reject(new PermanentError("no such table")));
  refused.see(0, 1);
  await refused.exposures.flush();
  assert.deepEqual([refused.attempts.length, refused.counts()], [1, [0, 1, 0]]);
  const throwing = collector(() => {
    throw new PermanentError("at once");
  });
  throwing.see(0, 1);
  await throwing.exposures.flush();
  assert.deepEqual(throwing.counts(), [0, 1, 0]);
});

test("a sender that hangs is given up; meanwhile nobody waits, and what is too much is dropped", async () => {
  /** @type {AbortSignal[]} */
  const signals = [];
  const hang = (/** @type {number} */ _, /** @type {AbortSignal} */ signal) => (signals.push(signal), new Promise(() => {})); // prettier-ignore
  const { exposures, errors, see, counts } = collector(hang, { timeout: 20, maxBatch: 2, maxPending: 5 });
  see(0, 2);
  see(2, 10);
  assert.deepEqual(counts(), [0, 3, 5]);
  await exposures.flush();
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true, true, true]); // prettier-ignore
  assert.deepEqual(counts(), [0, 5, 5]);
  assert.match(String(errors[0]), /TimeoutError: sending exposures took longer than 20 ms/);
});

test("a keeper is given the work, from the wait to the last attempt", async () => {
  /** @type {Promise<unknown>[]} */
  const kept = [];
  const keeper = { waitUntil: (/** @type {Promise<unknown>} */ work) => void kept.push(work) };
  /** @type {string[]} */
  const sent = [];
  const send = (/** @type {readonly Exposure[]} */ batch) => void sent.push(units(batch));
  const exposures = createExposures({ send, flushInterval: 20, maxBatch: 3 });
  const of = (/** @type {string} */ userId) => observe(engine, exposures, keeper).isEnabled("half", { userId });
  of("a");
  of("b");
  assert.equal(kept.length, 1, "who comes while the first one waits has nothing to keep");
  const timer = setTimeout(() => {}, 5_000);
  await Promise.all(kept);
  clearTimeout(timer);
  assert.deepEqual(sent, ["a,b"]);
  for (const userId of ["c", "d", "e"]) of(userId);
  assert.equal(kept.length, 3, "the wait, and the batch that is full");
});

test("a process ends without waiting for what was recorded, and after a flush has sent it", async () => {
  const collected = await startCollector();
  const script = (/** @type {string} */ end) => `
    import { createEngine } from ${JSON.stringify(new URL("../dist/node.js", import.meta.url).href)};
    import { createExposures, observe, sendTo } from ${JSON.stringify(new URL("../dist/exposure.js", import.meta.url).href)};
    const exposures = createExposures({ send: sendTo(${JSON.stringify(collected.url)}), flushInterval: 3_600_000 });
    const engine = observe(await createEngine({ snapshot: { flags: { f: { enabled: true, rolloutPercentage: 50 } } } }), exposures);
    engine.isEnabled("f", { userId: ${JSON.stringify(end)} });
    ${end}`;
  // Not `execFileSync`, for whose end this process, which is the receiver, would stand still.
  const run = (/** @type {string} */ end) => execute(process.execPath, ["--input-type=module", "--eval", script(end)]);
  try {
    await run("");
    await run("await exposures.flush();");
    assert.deepEqual(collected.bodies.map((body) => JSON.parse(body)[0].unit), ["await exposures.flush();"]); // prettier-ignore
  } finally {
    await collected.close();
  }
});

/** A receiver that answers with these statuses, then with 204. @param {number[]} statuses */
async function startCollector(...statuses) {
  const origin = await startOrigin("collector");
  /** @type {string[]} */
  const bodies = [];
  origin.on("/", async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(statuses.shift() ?? 204).end();
  });
  return { url: origin.url, bodies, seen: origin.seen, close: origin.close };
}

test("sendTo posts JSON, or a text as it is, with the headers that were given", async () => {
  const { url, bodies, seen, close } = await startCollector();
  try {
    const list = createExposures({ send: sendTo(url, { headers: { authorization: "Bearer x" } }) });
    observe(engine, list).isEnabled("half", { userId: "ü1" });
    await list.flush();
    const [{ flagKey, unit }] = JSON.parse(bodies[0]);
    assert.deepEqual([flagKey, unit], ["half", "ü1"]);
    const { method, headers } = seen[0];
    assert.deepEqual([method, headers["content-type"], headers.authorization], ["POST", "application/json", "Bearer x"]); // prettier-ignore
    const headersOf = { "content-type": "application/x-ndjson" };
    const lines = createExposures({ send: sendTo(url, { headers: headersOf, body: (batch) => `${batch.length}\n` }) });
    observe(engine, lines).isEnabled("half", { userId: "u1" });
    await lines.flush();
    assert.deepEqual([bodies[1], seen[1].headers["content-type"]], ["1\n", "application/x-ndjson"]);
  } finally {
    await close();
  }
});

for (const [statuses, attempts, counts] of /** @type {[number[], number, number[]][]} */ ([
  [[503, 429], 3, [1, 0]],
  [[400], 1, [0, 1]],
  [[413], 1, [0, 1]],
])) {
  test(`a receiver that answers ${statuses.join(", ")}: ${attempts} attempts`, async () => {
    const { url, bodies, close } = await startCollector(...statuses);
    try {
      const exposures = createExposures({ send: sendTo(url), onError() {} });
      observe(engine, exposures).isEnabled("half", { userId: "u1" });
      await exposures.flush();
      assert.deepEqual([bodies.length, exposures.sent, exposures.dropped], [attempts, ...counts]);
    } finally {
      await close();
    }
  });
}

test("a receiver that is not there", async () => {
  const exposures = createExposures({ send: sendTo(`http://127.0.0.1:${await closedPort()}/`), onError() {} });
  observe(engine, exposures).isEnabled("half", { userId: "u1" });
  await exposures.flush();
  assert.deepEqual([exposures.sent, exposures.dropped], [0, 1]);
});
