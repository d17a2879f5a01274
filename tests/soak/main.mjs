/**
 * The whole router in workerd under a steady load, with a store and origins that fail in every way: every answer is judged. Exits
 * with 1 where a law broke.
 *
 *     make soak TIME=1200
 *     node tests/soak/main.mjs --help
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { broken, print } from "./figures.mjs";
import { soak } from "./run.mjs";

const HELP = `node tests/soak/main.mjs [--seconds N] [--rate N] [--seed N] [--control] [--json FILE]
  --seconds N  after ten of warming up; default 1200
  --rate N     requests a second; default 150
  --seed N     of visitors and troubles; default 1
  --control    in place of the router a worker that only forwards: how much memory workerd takes by itself; nothing is judged
  --json FILE  writes the figures there too`;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "1200" },
    rate: { type: "string", default: "150" },
    seed: { type: "string", default: "1" },
    control: { type: "boolean", default: false },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(values);

/** @param {{ seconds: string, rate: string, seed: string, control: boolean, json?: string }} options */
async function main({ seconds, rate, seed, control, json }) {
  const figures = await soak({
    seconds: Number(seconds),
    rate: Number(rate),
    seed: Number(seed),
    isControl: control,
    onProgress: (line) => console.log(line),
  });
  print(figures);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
  const breaks = control ? [] : broken(figures);
  for (const line of breaks) console.error(`BROKEN ${line}`);
  if (breaks.length > 0) process.exitCode = 1;
}
