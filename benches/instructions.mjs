/**
 * Instructions an operation, counted by callgrind: the figures that hold still on a busy machine. Of the native x86-64 build, not of the
 * wasm; natively keys and attributes are looked up by name, which JavaScript does on its side.
 *
 *     node benches/instructions.mjs [--check | --write]     (--check: fails where one moved by over 2 % against instructions.json)
 *
 * The counts depend on the compiler, which instructions.json names, and a little on the C library and the processor: both choose how
 * memory is copied and compared.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const COMMITTED = new URL("instructions.json", import.meta.url);
const TOLERANCE = 0.02;
/** Of the bench: what is outside of it, from making the data to the last assertion, is not collected. */
const COLLECTED = "native::counted";

const bench = build();
const rustc = lines("rustc", ["--version"])[0];
const committed = JSON.parse(readFileSync(COMMITTED, "utf8"));
const counts = {};
for (const name of lines(bench, ["--names"])) {
  counts[name] = count(name);
  console.log(line(name));
}
if (rustc !== committed.rustc) console.log(`instructions.json is of ${committed.rustc}, this is ${rustc}`);
const moved = changed();
if (moved.length > 0) console.log(`moved by over ${TOLERANCE * 100} %, new or gone: ${moved.join(", ")}`);
if (process.argv.includes("--check")) process.exitCode = moved.length === 0 ? 0 : 1;
if (process.argv.includes("--write")) write();

/** The bench's executable. */
function build() {
  const messages = lines("cargo", ["bench", "--bench", "native", "--no-run", "--message-format", "json"]);
  const artifacts = messages.map((message) => JSON.parse(message)).filter(({ target }) => target?.name === "native");
  return artifacts[0].executable;
}

function lines(command, options) {
  return execFileSync(command, options, { encoding: "utf8", maxBuffer: 1 << 26 })
    .trim()
    .split("\n");
}

function count(name) {
  const options = ["--tool=callgrind", "--callgrind-out-file=/dev/null", `--toggle-collect=${COLLECTED}`];
  const { status, stdout, stderr } = spawnSync("valgrind", [...options, bench, "--count", name], {
    encoding: "utf8",
  });
  const collected = Number(/Collected : (\d+)/.exec(stderr)?.[1]);
  if (status !== 0 || !(collected > 0)) throw new Error(`callgrind counted nothing of ${name}:\n${stderr}`);
  return Math.round((collected / Number(stdout)) * 10) / 10;
}

/** The part of the committed count that another one is more or less than it; nothing where none is committed. */
function change(name) {
  return counts[name] / committed.instructions[name] - 1;
}

/** What moved by more than is tolerated, is new or gone. */
function changed() {
  const names = new Set([...Object.keys(counts), ...Object.keys(committed.instructions)]);
  return [...names].filter((name) => !(Math.abs(change(name)) <= TOLERANCE));
}

function line(name) {
  const against = name in committed.instructions ? `${(change(name) * 100).toFixed(2).padStart(9)} %` : "      new";
  return `${name.padEnd(24)}${counts[name].toLocaleString("en").padStart(16)}${against}`;
}

function write() {
  writeFileSync(COMMITTED, `${JSON.stringify({ rustc, instructions: counts }, null, 2)}\n`);
}
