/**
 * What reloads leave behind, in a process of its own: one engine takes two snapshots of a thousand flags in turn, each time with a
 * higher revision. They differ in a byte of one flag: its id is listed, or another one is.
 */
import assert from "node:assert/strict";
import { settledHeap, wasmBytes } from "./heap.mjs";
import { createEngine } from "pointsman";
import { assertRollout } from "../expected.mjs";
import { createVisitors, mixed, rollout, snapshotOf } from "../workload.mjs";

const FLAGS = 1_000;
/** So long that the whole snapshot is of 1.4 MB. */
const LIST = 100;
/** Of seven digits from the first to the last, so that each can be written over the one before. */
const FIRST_REVISION = 1_000_000;
const SWITCH = "switched";
const MARKS = [5, 10, 100, 1_000, 10_000];

const crowd = createVisitors(2_000);
const visitors = crowd.batch(0, crowd.count).map(({ id }) => ({ userId: id }));
const nobody = visitors.map(() => false);
const ann = { userId: "ann" };
const bob = { userId: "bob" };

/** A snapshot as bytes, in which `revision` is written over. @param {string} listed */
function snapshotWith(listed) {
  const { flags } = snapshotOf([...mixed(FLAGS - 2, LIST), rollout]);
  const switched = { enabled: true, rolloutPercentage: 0, whitelistUsers: [listed] };
  const text = JSON.stringify({ revision: FIRST_REVISION, flags: { ...flags, [SWITCH]: switched } });
  const bytes = Buffer.from(text);
  const at = text.indexOf(String(FIRST_REVISION));
  return (/** @type {number} */ revision) => {
    bytes.write(String(revision), at, "latin1");
    return bytes;
  };
}

const contents = [snapshotWith(ann.userId), snapshotWith(bob.userId)];

/** Whoever asks, of the two that one of the contents lists, the one listed by this one is in. */
function assertSwitched(ask, content) {
  assert.deepEqual([ask(ann), ask(bob)], [content === 0, content === 1], `content ${content}`);
}

/** Before and after: one after the other, and as prepared before the load. @param {import("pointsman").Engine} engine */
function reload(engine, number, known) {
  const from = (number - 1) % 2;
  const prepared = new Map([ann, bob].map((context) => [context, engine.context(context)]));
  const askNow = (context) => engine.isEnabled(SWITCH, context);
  const askPrepared = (context) => prepared.get(context)?.isEnabled(SWITCH);
  assertSwitched(askNow, from);
  assertSwitched(askPrepared, from);
  const report = engine.load(contents[number % 2](FIRST_REVISION + number));
  assert.deepEqual([report.unchanged, report.changed, report.problems.length], [false, [SWITCH], 0]);
  assertSwitched(askPrepared, number % 2);
  assertSwitched(askNow, number % 2);
  for (let i = 0; i < known.each; i++) {
    const place = (number * known.each + i) % visitors.length;
    assert.equal(engine.isEnabled(rollout.key, visitors[place]), known.answers[place]);
  }
}

/** @param {number} reloads @param {number} each - decisions after each reload. */
async function measure(reloads, each) {
  const engine = await createEngine({ snapshot: contents[0](FIRST_REVISION) });
  const answers = visitors.map((visitor) => engine.isEnabled(rollout.key, visitor));
  assertRollout(answers, nobody);
  const marks = [...MARKS.filter((mark) => mark < reloads), reloads];
  const rows = [];
  for (let number = 1; number <= reloads; number++) {
    reload(engine, number, { answers, each });
    if (marks.includes(number)) rows.push(see(number));
  }
  assert.deepEqual([engine.revision, engine.traps], [FIRST_REVISION + reloads, 0]);
  return { snapshotBytes: contents[0](FIRST_REVISION).length, rows };
}

function see(reloads) {
  const heap = settledHeap();
  const { external, arrayBuffers, rss } = process.memoryUsage();
  process.stderr.write(`${reloads} reloads\n`);
  return { reloads, wasm: wasmBytes(), heap, external, arrayBuffers, rss };
}

process.send?.(await measure(Number(process.argv[2]), Number(process.argv[3])));
