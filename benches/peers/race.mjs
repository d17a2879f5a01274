/** Two contenders take turns at the same inputs; medians over rounds. */
import assert from "node:assert/strict";

const ROUNDS = 17;
const WARM_UP = 4;
/** A round of a slow engine: long enough for the clock, short enough for all engines to have their turns in minutes. */
const ROUND_NS = 40e6;
/** A round of a fast one has every effect of the garbage collector in it. */
const MOST_CALLS = 100_000;
const FEWEST_CALLS = 20;
/** By then V8 has compiled what will be timed. */
const WARM_UP_NS = 200e6;
/** Few enough that the collector finds no ids to move in the middle of a batch. */
export const BATCH = 2_000;
const PROBE = 200;

/**
 * @typedef {object} Contender
 * @property {(from: number, to: number) => any} input - made anew before each batch, and not timed
 * @property {(input: any) => number | Promise<number>} run - a batch; to wait for it once costs nothing beside it
 */

/** @param {Record<"floor" | "engine", Contender>} contenders @param {boolean} single - an input stands for a whole batch */
export async function race(contenders, single) {
  const calls = await callsARound(contenders, single);
  const rounds = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) rounds.push(await runRound(contenders, calls, round));
  const { counts } = rounds[0];
  for (const round of rounds) assert.deepEqual(round.counts, counts, "the answers are those of the other rounds");
  return { ...medians(rounds.slice(WARM_UP).map(({ times }) => times)), counts, calls, rounds: ROUNDS };
}

/** As many as fit into a round, in whole batches where there is more than one. */
async function callsARound({ engine, floor }, single) {
  await warm(floor, single ? BATCH : PROBE);
  await warm(engine, single ? BATCH : PROBE);
  const [time] = await timed(engine, 0, single ? BATCH : PROBE);
  const fitting = Math.min(ROUND_NS / (time / (single ? BATCH : PROBE)), MOST_CALLS);
  const smallest = single ? BATCH : FEWEST_CALLS;
  if (fitting < BATCH) return Math.max(smallest, Math.floor(fitting));
  return Math.floor(fitting / BATCH) * BATCH;
}

async function warm(contender, calls) {
  for (let spent = 0, from = 0; spent < WARM_UP_NS; from = (from + calls) % MOST_CALLS)
    spent += (await timed(contender, from, from + calls))[0];
}

async function runRound(contenders, calls, round) {
  const times = { floor: 0, engine: 0 };
  const counts = { floor: 0, engine: 0 };
  for (let from = 0, batch = round; from < calls; from += BATCH, batch++) {
    const order = batch % 2 === 0 ? ["engine", "floor"] : ["floor", "engine"];
    for (const who of order) {
      const [time, count] = await timed(contenders[who], from, Math.min(calls, from + BATCH));
      times[who] += time / calls;
      counts[who] += count;
    }
  }
  return { times, counts };
}

async function timed({ input, run }, from, to) {
  const given = input(from, to);
  const start = process.hrtime.bigint();
  const count = await run(given);
  return [Number(process.hrtime.bigint() - start), count];
}

/** @param {{ floor: number, engine: number }[]} times */
export function medians(times) {
  return {
    engine: median(times.map(({ engine }) => engine)),
    floor: median(times.map(({ floor }) => floor)),
    ratio: median(times.map(({ engine, floor }) => engine / floor)),
  };
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
