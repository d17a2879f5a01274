/**
 * What a decision, a load and a route cost as the work grows: what is constant, and what is not. Answers are checked in every round.
 *
 *     make bench-scale
 *     node benches/scale.mjs --help
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { writePage } from "./scale/page.mjs";
import { tableOf } from "./scale/text.mjs";
import { measure } from "./scale/turns.mjs";

const NAMES = ["flags", "whitelist", "rules", "routes", "attributes", "bytes"];

const HELP = `node benches/scale.mjs [--share N] [--json FILE] [--write] [SERIES...]
  SERIES       of ${NAMES.join(", ")}; default all
  --share N    of all rounds, for a first look; default 1
  --json FILE  writes the figures there: times in nanoseconds
  --write      writes tables and curves into docs/`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: "string", default: "1" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(positionals.length === 0 ? NAMES : positionals, values);

/** @param {string[]} names @param {{ share: string, json?: string, write: boolean }} options */
async function main(names, { share, json, write }) {
  const measured = [];
  for (const name of names) measured.push(await measureSeries(name, Number(share)));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures(measured), null, 2)}\n`);
  if (write) writePage(measured, `Node ${process.version}, ${cpus()[0].model}.`);
}

/** @param {string} name @param {number} share */
async function measureSeries(name, share) {
  process.stderr.write(`${name} ...\n`);
  const { default: series } = await import(`./scale/series/${name}.mjs`);
  const rows = await measure(name, series, share);
  const { head, lines } = tableOf(series, rows);
  console.log(`\n${series.title}\n${[head, ...lines].map((cells) => cells.join(" | ")).join("\n")}`);
  return { name, series, rows };
}

/** @param {Awaited<ReturnType<typeof measureSeries>>[]} measured */
function figures(measured) {
  return {
    node: process.version,
    series: Object.fromEntries(measured.map(({ name, rows }) => [name, rows])),
  };
}
