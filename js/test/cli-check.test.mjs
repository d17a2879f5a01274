/** `pointsman check`. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { workshop } from "./cli.mjs";

const ERRORS = fileURLToPath(new URL("../../tests/errors/", import.meta.url));
const { run, write } = workshop();

const names = readdirSync(ERRORS).filter((name) => name.endsWith(".json"));
/** The problems that the corpus has for a snapshot, one a line. */
const expectedOf = (name) =>
  readFileSync(ERRORS + name.replace(".json", ".txt"), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1);

for (const [build, other] of [
  ["full", "core-"],
  ["core", "full-"],
]) {
  test(`each bad snapshot is told what its text says, by the ${build} build`, () => {
    const own = names.filter((name) => !name.startsWith(other));
    assert.ok(own.length > 200);
    const { status, printed, told } = run(["check", "--build", build, ...own.map((name) => ERRORS + name)]);
    assert.deepEqual([status, told], [1, ""]);
    const lines = printed.split("\n").filter((line) => line.startsWith(ERRORS));
    const expected = own.flatMap((name) => {
      const problems = expectedOf(name);
      const count = problems.length === 0 ? "ok" : `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
      return [...problems.map((problem) => `${ERRORS}${name}:${problem}`), `${ERRORS}${name}: ${count}`];
    });
    assert.deepEqual(lines, expected);
  });
}

/** What is shown of a snapshot with one problem, without the line that tells it. */
function shownOf(snapshot) {
  const { status, printed } = run(["check", "-"], { input: snapshot });
  assert.equal(status, 1);
  return printed.split("\n\n")[0].split("\n").slice(1);
}

test("a caret stands under each character of what is wrong", () => {
  assert.deepEqual(shownOf('{ "flags": {\n  "f": { "enabled": true, "rolloutPercentage": 150 } } }'), [
    "  |",
    '2 |   "f": { "enabled": true, "rolloutPercentage": 150 } } }',
    "  |                                                ^^^",
  ]);
});

test("under the same character where those before it are wide, of two units, of no width, or tabs", () => {
  assert.deepEqual(shownOf('{ "flags": { "界😀e\u0301":\t{ "enabled": "yes" } } }'), [
    "  |",
    '1 | { "flags": { "界😀e\u0301":    { "enabled": "yes" } } }',
    "  |                                       ^^^^^",
  ]);
});

test("the line number is as wide as it is", () => {
  assert.deepEqual(shownOf(`{ "flags": ${"\n".repeat(11)}{ "f": { "enabled": 1 } } }`), [
    "   |",
    '12 | { "f": { "enabled": 1 } } }',
    "   |                     ^",
  ]);
});

test("of a long line only what is around the place is shown", () => {
  const flags = Array.from({ length: 2_000 }, (_, i) => `"flag-${i}": { "enabled": ${i === 1_000 ? '"no😀"' : true} }`);
  const [, line, carets] = shownOf(`{ "flags": { ${flags.join(", ")} } }`);
  assert.ok(line.length < 130 && line.startsWith("1 | …") && line.endsWith("…"), line);
  assert.equal(line.indexOf('"no😀"'), carets.indexOf("^"));
  assert.equal(carets.trimEnd().length - carets.indexOf("^"), '"no'.length + 2 + '"'.length);
});

test("what ends too early has its caret behind the end", () => {
  assert.deepEqual(shownOf('{ "flags":'), ["  |", '1 | { "flags":', "  |           ^"]);
});

test("what would steer a terminal doesn't reach it", () => {
  const { printed } = run(["check", "-"], { input: '{ "flags": { "a\u202eb": { "enabled": 1 } }, "\u009b31m": 0 }' });
  assert.match(printed, /a\ufffdb/);
  for (const character of ["\u202e", "\u009b", "\u001b"]) assert.ok(!printed.includes(character));
});

test("binary garbage is told in a line", () => {
  const garbage = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 151 + (i >> 3)) & 0xff);
  garbage[0] = 0xff;
  const { status, printed } = run(["check", "-"], { input: garbage });
  assert.deepEqual([status, printed], [1, "stdin:1:1: not UTF-8 at byte 0 (NOT_JSON)\n\nstdin: 1 problem\n"]);
});

test("a file of 32 MiB is checked, with its last problem in its place, and a sound one gets a note", () => {
  const variants = { on: "x".repeat(64_000), off: 0 };
  const flags = Object.fromEntries(Array.from({ length: 530 }, (_, i) => [`f${i}`, { enabled: true, variants }]));
  const text = JSON.stringify({ flags }, null, 1);
  assert.ok(text.length > 32 << 20);
  const sound = run(["check", write("large.json", text)]);
  assert.deepEqual([sound.status, sound.printed], [0, "large.json: ok\n"]);
  assert.match(sound.told, /^note: large\.json: [\d,]+ bytes are more than the 8,388,608 that engines take by default/);
  const broken = run(["check", write("large.json", `${text.slice(0, -4)},\n "f530": {} } }`)]);
  assert.equal(broken.status, 1);
  assert.match(
    broken.printed,
    /^large\.json:\d+:10 \/flags\/f530: the member `enabled` is missing \(MISSING_FIELD\)$/m,
  );
  assert.match(broken.printed, /\| {2}"f530": \{\} \} \}\n +\| {10}\^\n/);
});

test("64 MiB are read, and one byte more is not", () => {
  const input = new Uint8Array((64 << 20) + 1).fill(0x20);
  assert.match(run(["check", "-"], { input: input.subarray(1) }).printed, /the text ends where a value was expected/);
  const { status, told } = run(["check", "-"], { input });
  assert.deepEqual([status, told], [2, "error: - can't be read: it has more than 67,108,864 bytes\n"]);
});

test("several files are checked whatever is wrong with one of them", () => {
  write("good.json", { flags: {} });
  write("bad.json", { flags: 1 });
  const { status, printed, told } = run(["check", "good.json", "nowhere.json", ".", "bad.json", "good.json"]);
  assert.equal(status, 2);
  assert.match(told, /^error: nowhere\.json can't be read: ENOENT.*\nerror: \. can't be read: EISDIR/);
  assert.deepEqual(printed.match(/^\w+\.json: .*$/gm), ["good.json: ok", "bad.json: 1 problem", "good.json: ok"]);
});

test("stdin can be given once", () => {
  const { status, told } = run(["check", "-", "-"], { input: "{}" });
  assert.deepEqual([status, told], [2, "error: - can't be read: stdin can be read only once\n"]);
});

test("--json tells all files", () => {
  write("good.json", { flags: {} });
  const { status, printed } = run(["check", "--json", "good.json", "-"], { input: '{ "flags": { "f": {} } }' });
  const problem = { code: "MISSING_FIELD", message: "the member `enabled` is missing", pointer: "/flags/f" };
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(printed), {
    files: [
      { file: "good.json", problems: [] },
      { file: "stdin", problems: [{ ...problem, line: 1, column: 19 }] },
    ],
  });
});

test("compiled snapshots are checked, too", () => {
  write("good.json", { flags: { f: { enabled: true } } });
  assert.equal(run(["compile", "good.json", "-o", "good.pointsman"]).status, 0);
  assert.deepEqual(run(["check", "good.pointsman"]), { status: 0, printed: "good.pointsman: ok\n", told: "" });
});
