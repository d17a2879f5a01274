/** One size of a series, in a thread: an isolate with one engine, as a worker has it. Times one round whenever it is told to. */
import { parentPort, workerData } from "node:worker_threads";

const { default: series } = await import(`./series/${workerData.series}.mjs`);
/** @type {import("./operation.mjs").Subject} */
const { facts, operations } = await series.create(workerData.size);

parentPort?.on("message", (name) => parentPort?.postMessage(timed(operations[name])));
parentPort?.postMessage(facts);

/** Nanoseconds of one operation. @param {import("./operation.mjs").Operation} operation */
function timed({ count, input, run, check }) {
  const given = input();
  const start = process.hrtime.bigint();
  const answer = run(given);
  const time = Number(process.hrtime.bigint() - start);
  check(answer);
  return time / count;
}
