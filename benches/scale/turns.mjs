/** All sizes of a series take turns, so that whatever else the machine does falls on all of them alike. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** @typedef {Record<string, number>} Row - the size, facts, and nanoseconds of each operation. */

/** @param {string} name @param {import("./operation.mjs").Series} series @param {number} share - of all rounds. */
export async function measure(name, series, share) {
  const isolates = [];
  for (const size of series.sizes) isolates.push(await startIsolate(name, size));
  for (const [operation, { rounds }] of Object.entries(series.shown))
    await measureOperation(isolates, operation, Math.max(1, Math.round(rounds * share)));
  await Promise.all(isolates.map(({ thread }) => thread.terminate()));
  return isolates.map(({ row }) => row);
}

/** @param {string} series @param {number} size @returns {Promise<{ thread: Worker, row: Row }>} */
async function startIsolate(series, size) {
  const thread = new Worker(new URL("isolate.mjs", import.meta.url), { workerData: { series, size } });
  const [facts] = await once(thread, "message");
  return { thread, row: { size, ...facts } };
}

/**
 * Forwards and backwards, so that no size always comes after the same one. As many rounds before: V8 takes some 50,000 decisions
 * until it has compiled all, which a context of many attributes showed as a step in the curve.
 */
async function measureOperation(isolates, operation, rounds) {
  const times = new Map(isolates.map((isolate) => [isolate, /** @type {number[]} */ ([])]));
  for (let round = -rounds; round < rounds; round++)
    for (const isolate of round % 2 === 0 ? isolates : isolates.toReversed()) {
      isolate.thread.postMessage(operation);
      const [time] = await once(isolate.thread, "message");
      if (round >= 0) times.get(isolate)?.push(time);
    }
  for (const [{ row }, all] of times) row[operation] = median(all);
}

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
