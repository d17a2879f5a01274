/** One work: both contenders take turns, in a workerd of their own. Answers are looked at before and after. */
import assert from "node:assert/strict";
import { assertAnswers } from "./answers.mjs";
import { startEdge } from "./edge.mjs";
import { BATCH, SLICES, WORKS, crowd } from "./works.mjs";

const WARM_UP = 15;
const CONTENDERS = ["ours", "floor"];

/** @typedef {Awaited<ReturnType<typeof race>>} Result */

/** @param {string} id @param {number} rounds @param {number | undefined} encoderFrom */
export async function race(id, rounds, encoderFrom) {
  const edge = await startEdge(id, encoderFrom);
  try {
    await assertBoth(edge, id);
    const times = [];
    const counts = new Map();
    for (let round = -WARM_UP; round < rounds; round++) {
      const taken = await runRound(edge, round + WARM_UP, counts);
      if (round >= 0) times.push(taken);
    }
    await assertBoth(edge, id);
    return { id, name: WORKS[id].name, bound: WORKS[id].bound, ...medians(times) };
  } finally {
    await edge.stop();
  }
}

async function assertBoth(edge, id) {
  const definitions = WORKS[id].definitions();
  for (const who of CONTENDERS) {
    const answers = JSON.parse((await edge.ask(`/answers?who=${who}`)).text);
    assertAnswers(answers, definitions, crowd.batch(0, answers.length));
  }
}

/** Nanoseconds a decision: a request's time, less that of one just before it that decided nothing. */
async function runRound(edge, round, counts) {
  const slice = round % SLICES;
  const taken = { ours: 0, floor: 0, empty: 0 };
  for (const who of round % 2 === 0 ? CONTENDERS : CONTENDERS.toReversed()) {
    await edge.ask(`/ready?who=${who}&slice=${slice}`);
    taken.empty = (await edge.ask("/empty")).time;
    const { text, time } = await edge.ask(`/run?who=${who}`);
    assert.equal(counts.get(who + slice) ?? text, text, `${who} answers as before`);
    counts.set(who + slice, text);
    taken[who] = (time - taken.empty) / BATCH;
  }
  return taken;
}

/** The ratio is that of the medians: a single round's, of two differences, may be of any size. */
function medians(times) {
  const [ours, floor, empty] = [...CONTENDERS, "empty"].map((name) => median(times.map((taken) => taken[name])));
  return { ours, floor, ratio: ours / floor, empty };
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
