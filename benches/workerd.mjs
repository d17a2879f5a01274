/**
 * W1 to W4 inside workerd, the runtime of Cloudflare Workers, as ratios to the hand-written floor there. Timed from outside, less the
 * time of a request that decides nothing: the clock stands still inside a request.
 *
 *     make bench-workerd
 *     node benches/workerd.mjs --help
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { race } from "./workerd/race.mjs";
import { WORKS } from "./workerd/works.mjs";

const HELP = `node benches/workerd.mjs [--rounds N] [--encoder-from N] [--check] [--json FILE] [WORK...]
  WORK              of ${Object.keys(WORKS).join(", ")}; default all
  --rounds N        default 60
  --encoder-from N  ids of so many characters and more are written by TextEncoder, the others by stores of four characters;
                    in place of what js/src/load/workerd.ts says
  --check           fails over a bound
  --json FILE       writes the figures there: times in nanoseconds`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "60" },
    "encoder-from": { type: "string" },
    check: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(positionals.length === 0 ? Object.keys(WORKS) : positionals);

/** @param {string[]} works */
async function main(works) {
  const from = values["encoder-from"];
  const results = [];
  for (const work of works) {
    const result = await race(work, Number(values.rounds), from === undefined ? undefined : Number(from));
    results.push(result);
    console.log(line(result));
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ results }, null, 2)}\n`);
  if (values.check && results.some(isOver)) process.exitCode = 1;
}

/** @param {import("./workerd/race.mjs").Result} result */
function isOver({ ratio, bound }) {
  return bound !== undefined && ratio > bound;
}

/** @param {import("./workerd/race.mjs").Result} result */
function line(result) {
  const { id, name, ours, floor, ratio, empty, bound } = result;
  const against = bound === undefined ? "" : `, bound ${bound}${isOver(result) ? ": MISSED" : ""}`;
  const request = `a request without decisions ${(empty / 1e3).toFixed(0)} µs`;
  return `${id}, ${name}: ${ours.toFixed(1)} ns, floor ${floor.toFixed(1)} ns, ratio ${ratio.toFixed(2)}${against}; ${request}`;
}
