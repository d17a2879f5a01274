/** The command `pointsman` as a process: what it reads, writes, says and ends with. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createEngine } from "../dist/node.js";

const COMMAND = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
after(() => rmSync(folder, { recursive: true }));

const good = JSON.stringify({ revision: 3, flags: { zoë: { enabled: true } } });
const bad = '{ "flags": {\n  "f": { "enabled": "yes" },\n  "g": {} } }';
const problems = [
  "2:21 /flags/f/enabled: expected a boolean, found a string (WRONG_TYPE)",
  "3:8 /flags/g: the member `enabled` is missing (MISSING_FIELD)",
];

/** @param {string[]} args @param {string} [input] */
function run(args, input) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    input,
    maxBuffer: 1 << 26,
  });
  return { status, stdout, told: stderr.toString() };
}

test("a file is compiled to a file, from which an engine decides", async () => {
  writeFileSync(join(folder, "good.json"), good);
  const { status, stdout, told } = run(["compile", "good.json", "-o", "good.pointsman"]);
  assert.deepEqual([status, stdout.length, told], [0, 0, ""]);
  const engine = await createEngine({ snapshot: readFileSync(join(folder, "good.pointsman")) });
  assert.deepEqual([engine.revision, engine.isEnabled("zoë", {})], [3, true]);
});

test("a snapshot whose compiled form makes memory grow", async () => {
  const users = Array.from({ length: 30_000 }, (_, i) => `user-${i}`);
  const snapshot = { flags: { crowd: { enabled: true, rolloutPercentage: 0, whitelistUsers: users } } };
  const { status, stdout } = run(["compile", "-", "-o", "-"], JSON.stringify(snapshot));
  assert.equal(status, 0);
  const engine = await createEngine({ snapshot: stdout });
  assert.deepEqual(
    ["user-29999", "user-30000"].map((userId) => engine.isEnabled("crowd", { userId })),
    [true, false],
  );
});

test("stdin to stdout gives the same bytes", () => {
  const { status, stdout } = run(["compile", "-", "-o", "-"], good);
  assert.equal(status, 0);
  assert.deepEqual(stdout, run(["compile", "-", "--output", "-"], good).stdout);
  assert.equal(stdout[0], 0);
});

test("problems are told one a line, and nothing is written", () => {
  const { status, stdout, told } = run(["compile", "-", "-o", "bad.pointsman"], bad);
  assert.deepEqual([status, stdout.length, told.trimEnd().split("\n")], [1, 0, problems]);
  assert.equal(existsSync(join(folder, "bad.pointsman")), false);
});

test("as JSON they go to stdout", () => {
  const { status, stdout, told } = run(["compile", "-", "-o", "bad.pointsman", "--json"], bad);
  assert.deepEqual([status, told], [1, ""]);
  const codes = JSON.parse(stdout.toString()).problems.map(({ code, line, column }) => [code, line, column]);
  assert.deepEqual(codes, [
    ["WRONG_TYPE", 2, 21],
    ["MISSING_FIELD", 3, 8],
  ]);
  const sound = run(["compile", "-", "-o", "good.pointsman", "--json"], good);
  assert.deepEqual([sound.status, JSON.parse(sound.stdout.toString())], [0, { problems: [] }]);
});

test("wrong usage ends with 2, and says what is wrong", () => {
  for (const [args, says] of /** @type {[string[], RegExp][]} */ ([
    [[], /Usage: pointsman/],
    [["compile"], /required option '-o, --output <file>'|missing required argument 'snapshot'/],
    [["compile", "good.json"], /required option/],
    [["compile", "a", "b", "-o", "c"], /too many arguments/],
    [["compile", "nowhere.json", "-o", "c"], /nowhere\.json can't be read/],
    [["compile", "-", "-o", "nowhere/c"], /nowhere\/c can't be written/],
    [["compile", "-", "-o", "-", "--json"], /both want stdout/],
    [["compile", "-", "-o", "c", "--colour"], /unknown option '--colour'/],
    [["explode"], /unknown command 'explode'/],
  ])) {
    const { status, told } = run(args, good);
    assert.equal(status, 2, args.join(" "));
    assert.match(told, says);
  }
});

test("help and version end with 0", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  assert.equal(run(["--version"]).stdout.toString(), `${version}\n`);
  for (const args of [["--help"], ["compile", "--help"]]) {
    const { status, stdout } = run(args);
    assert.equal(status, 0);
    assert.match(stdout.toString(), /^Usage: pointsman/);
  }
});
