/** Runs engines at works, one after the other, and prints what came out. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { sizeOf } from "./size.mjs";
import { raceStarts } from "./start.mjs";
import { misses, tableOf } from "./table.mjs";
import { WORKS } from "./works.mjs";

const HELP = `pointsman beside a hand-written floor and beside published engines: ratios to the floor, sizes

  node benches/peers/main.mjs [--only ENGINE]... [--work WORK]... [--json FILE] [--check]

  --only   this engine alone; more than one may be named
  --work   this work alone: W1, "W1 prepared", W6, size, ...
  --json   writes everything to this file
  --check  fails when pointsman is over a bound
`;

/** What runs in one process for each of WORKS, and what follows them. */
const PARTS = [...WORKS.map(({ id }) => id), "W6", "size"];
const OWN = WORKS.filter(({ own }) => own).map(({ id }) => id);
const ENGINES = [
  "pointsman",
  "pointsman-flags",
  "growthbook",
  "configcat",
  "launchdarkly",
  "flagd",
  "unleash",
  "flipt",
  "devcycle",
];
const here = fileURLToPath(new URL("./", import.meta.url));
const run = promisify(execFile);

const { values: options } = parseArgs({
  options: {
    help: { type: "boolean" },
    only: { type: "string", multiple: true },
    work: { type: "string", multiple: true },
    json: { type: "string" },
    check: { type: "boolean" },
  },
});

async function main() {
  const rows = [];
  const engines = {};
  const parts = chosen(PARTS, options.work);
  for (const name of chosen(ENGINES, options.only)) {
    const adapter = await import(`./engines/${name}.mjs`);
    engines[name] = { package: adapter.about.packageName, version: versionOf(adapter), notes: adapter.about.notes };
    const shared = parts.filter((part) => name.startsWith("pointsman") || !OWN.includes(part));
    for (const part of shared) rows.push(await row(name, adapter, part));
  }
  print(engines, rows);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify({ ...machine(), engines, rows }, null, 2)}\n`);
  if (options.check && rows.some(misses)) process.exitCode = 1;
}

/** @param {string[]} all @param {string[] | undefined} named */
function chosen(all, named) {
  const unknown = named?.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`there is no ${unknown}: use one of ${all.join(", ")}`);
  return named ?? all;
}

/** @param {string} engine @param {any} adapter @param {string} work */
async function row(engine, adapter, work) {
  process.stderr.write(`${engine}: ${work}\n`);
  return { engine, work, figures: await figuresOf(engine, adapter, work) };
}

/** @param {string} engine @param {any} adapter @param {string} work */
async function figuresOf(engine, adapter, work) {
  if (work === "W6") return raceStarts(engine, adapter);
  if (work === "size") return sizeOf(adapter);
  const { stdout } = await run(process.execPath, [`${here}run.mjs`, engine, work]);
  return JSON.parse(stdout);
}

/** Of the package that is installed: the peers' here, our own at the top. */
function versionOf({ about: { packageName } }) {
  const folders = [`${here}node_modules`, `${here}../../node_modules`];
  const file = folders.map((folder) => `${folder}/${packageName}/package.json`).find(existsSync);
  if (file === undefined) throw new Error(`${packageName} is not installed: run \`make bench\`, which does that`);
  return JSON.parse(readFileSync(file, "utf8")).version;
}

const machine = () => ({ node: process.version, v8: process.versions.v8, cpu: cpus()[0].model, cores: cpus().length });

function print(engines, rows) {
  const { node, v8, cpu, cores } = machine();
  console.log(`Node ${node}, V8 ${v8}, ${cpu}, ${cores} cores\n`);
  console.log(tableOf(rows));
  for (const [name, { package: packageName, version, notes }] of Object.entries(engines)) {
    console.log(`\n${name}: ${packageName} ${version}`);
    for (const note of notes) console.log(`- ${note}`);
  }
}

if (options.help) process.stdout.write(HELP);
else await main();
