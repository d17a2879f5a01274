/**
 * Memory: what decisions allocate, and what reloads leave behind. Fails where an answer is wrong, where decisions leave or
 * allocate more than they may, or where wasm memory grows with them.
 *
 *     make bench-memory
 *     node benches/memory.mjs --help
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `node benches/memory.mjs [--decisions N] [--reloads N] [--json FILE]
  --decisions N  of each kind of work; default 10000000
  --reloads N    of a snapshot of 1.4 MB; default 10000
  --json FILE    writes the figures there too`;

const WORKS = ["W1", "W2", "W3"];
/** So many megabytes of young generation that no collection comes in between. */
const ROOM = 1_024;
const DECISIONS_AFTER_RELOAD = 100;

const { values } = parseArgs({
  options: {
    decisions: { type: "string", default: "10000000" },
    reloads: { type: "string", default: "10000" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) console.log(HELP);
else await main(values);

/** @param {{ decisions: string, reloads: string, json?: string }} options */
async function main({ decisions, reloads, json }) {
  const works = [];
  for (const work of WORKS) works.push(await inProcess("decisions", [work, decisions]));
  printDecisions(works);
  const reloaded = await inProcess("reloads", [reloads, String(DECISIONS_AFTER_RELOAD)]);
  printReloads(reloaded);
  const figures = { node: process.version, works, reloaded };
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
}

/** A process each, as what V8 made of one kind of work would change the next one's figures. */
async function inProcess(file, args) {
  process.stderr.write(`${file}: ${args.join(" ")} ...\n`);
  const path = fileURLToPath(new URL(`memory/${file}.mjs`, import.meta.url));
  const space = ["min", "max"].map((end) => `--${end}-semi-space-size=${ROOM}`);
  const child = fork(path, args, { execArgv: ["--expose-gc", ...(file === "decisions" ? space : [])] });
  /** @type {any} */
  let figures;
  child.once("message", (message) => (figures = message));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${file} ${args.join(" ")} failed with code ${code}`);
  return figures;
}

function printDecisions(works) {
  console.log(
    "Allocated on the JavaScript heap by decisions over contexts that were there; wasm pages before and after\n",
  );
  console.table(
    works.map(({ name, decisions, allocated, bytesEach, growth, pages, contrast }) => ({
      work: name,
      decisions,
      "bytes allocated": allocated,
      "a decision": Number(bytesEach.toFixed(4)),
      "left after a collection": growth,
      "wasm pages": pages,
      "with a fresh context": Number(contrast.toFixed(1)),
    })),
  );
}

function printReloads({ snapshotBytes, rows }) {
  const megabytes = (bytes) => Number((bytes / 1e6).toFixed(2));
  console.log(`\nMB in use after reloads of a snapshot of ${snapshotBytes} bytes\n`);
  console.table(
    rows.map(({ reloads, ...bytes }) => ({
      reloads,
      ...Object.fromEntries(Object.entries(bytes).map(([name, value]) => [name, megabytes(value)])),
    })),
  );
}
