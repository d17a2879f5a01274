/**
 * What decisions of one kind of work allocate, in a process of its own. Visitors and their contexts are made beforehand, so that
 * nothing is counted but the decisions; the same visitors come again and again, none of them twice in a row.
 */
import assert from "node:assert/strict";
import { bytesAllocated, settledHeap, wasmPages } from "./heap.mjs";
import { createEngine } from "pointsman";
import { assertRollout, assertTargeted } from "../expected.mjs";
import { createVisitors, rollout, snapshotOf, targeted, withList } from "../workload.mjs";

const VISITORS = 100_000;
const WHITELISTED = 1_000;
/** V8's smallest object is 16 bytes in Node. One in 160 decisions may make one: what is counted is what V8 compiles meanwhile. */
const BYTES_A_DECISION = 0.1;
/** What is left after a collection of what Node keeps for itself: code that was compiled meanwhile, a profiler's statistics. */
const GROWTH = 256 * 1_024;
/** Passes over all visitors until V8 has compiled all that it will: that puts code and feedback on the heap too. */
const WARM_UP = 20;
const CONTRAST_PASSES = 5;

const crowd = createVisitors(VISITORS);
const visitors = crowd.batch(0, VISITORS);
const listed = visitors.map((_, place) => place % (VISITORS / WHITELISTED) === 0);
const nobody = listed.map(() => false);
const list = crowd.ids(0, VISITORS, VISITORS / WHITELISTED);

const byId = ({ id }) => ({ userId: id });
const byAttributes = ({ id, country, plan, appVersion }) => ({ userId: id, country, plan, appVersion });
const enabled = (engine) => (context) => engine.isEnabled(rollout.key, context);
const textValue = (engine) => (context) => engine.value(targeted.key, context, "");
const quarter = (answers) => assertRollout(answers, nobody);
const quarterAndListed = (answers) => assertRollout(answers, listed);
const ruledAndSplit = (answers) => assertTargeted(answers, visitors);

const WORKS = {
  W1: { definition: rollout, contextOf: byId, asker: enabled, assertRight: quarter },
  W2: { definition: withList(list), contextOf: byId, asker: enabled, assertRight: quarterAndListed },
  W3: { definition: targeted, contextOf: byAttributes, asker: textValue, assertRight: ruledAndSplit },
};

/** @param {string} name @param {number} decisions */
async function measure(name, decisions) {
  const { definition, contextOf, asker, assertRight } = WORKS[name];
  const contexts = visitors.map(contextOf);
  const answerTo = asker(await createEngine({ snapshot: snapshotOf([definition]) }));
  const answers = contexts.map(answerTo);
  assertRight(answers);
  const figures = measureWork(passesOver(contexts, answers, answerTo), Math.max(1, Math.round(decisions / VISITORS)));
  const contrast = contextBytes(contextOf, answerTo);
  assertRight(contexts.map(answerTo));
  return bounded({ name, ...figures, contrast });
}

/** How many of all answers are the same as in the first pass. */
function passesOver(contexts, answers, answerTo) {
  return (passes) => {
    let same = 0;
    for (let pass = 0; pass < passes; pass++)
      for (let i = 0; i < contexts.length; i++) if (answerTo(contexts[i]) === answers[i]) same++;
    return same;
  };
}

function measureWork(decide, passes) {
  decide(WARM_UP);
  const pages = wasmPages();
  const settled = settledHeap();
  const decisions = passes * VISITORS;
  let same = 0;
  const allocated = bytesAllocated(() => (same = decide(passes)));
  const growth = settledHeap() - settled;
  assert.equal(same, decisions, "every answer is that of the first pass");
  return { decisions, allocated, bytesEach: allocated / decisions, growth, pages };
}

/** The contrast, which shows that the measurement sees allocations: a caller that makes each context anew. */
function contextBytes(contextOf, answerTo) {
  const kept = new Array(VISITORS);
  const bytes = bytesAllocated(() => {
    for (let pass = 0; pass < CONTRAST_PASSES; pass++)
      for (let i = 0; i < VISITORS; i++) answerTo((kept[i] = contextOf(visitors[i])));
  });
  return bytes / (CONTRAST_PASSES * VISITORS);
}

function bounded(figures) {
  const { bytesEach, growth, pages, contrast } = figures;
  assert.ok(contrast >= 16, `a context of ${contrast} bytes: the measurement is blind`);
  assert.ok(bytesEach < BYTES_A_DECISION, `${bytesEach} bytes a decision`);
  assert.ok(growth < GROWTH, `${growth} bytes more than before are in use`);
  assert.equal(wasmPages(), pages, "no page more of wasm memory");
  return figures;
}

process.send?.(await measure(process.argv[2], Number(process.argv[3])));
