/** Files that are no snapshots, or hardly, or never end: each command says so, and takes no more memory than it needs for a large one. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { COMMAND, workshop } from "./cli.mjs";

const { folder, write, run } = workshop();

const FLAGS = '"flags":{"f":{"enabled":true,"rolloutPercentage":25}}';
const SOUND = `{${FLAGS}}`;
const members = (count, value) => Array.from({ length: count }, (_, i) => `"m${i}":${value}`).join();

write("sound.json", SOUND);

/** Every command that decides, of one snapshot. */
const COMMANDS = {
  check: (file) => ["check", file],
  eval: (file) => ["eval", file, "--user", "u"],
  diff: (file) => ["diff", "sound.json", file, "--sample", "1000"],
};

/** What a command took at its peak, in MiB, is the last line on stderr. */
const PEAK = write(
  "peak.mjs",
  'process.on("exit", () => process._rawDebug(String(process.resourceUsage().maxRSS >> 10)));',
);
const WATCHED = { NODE_OPTIONS: `--import=${join(folder, PEAK)}` };

function watched(args) {
  const { status, printed, told } = run(args, { env: WATCHED });
  const [, before = "", peak = ""] = /^([^]*?)(\d+)\n$/.exec(told) ?? [];
  return { status, printed, told: before, peak: Number(peak) };
}

/** The worst seen is 670, of a million flags: all that an engine reads stands in its memory as places. Node itself takes 50. */
const MOST_MIB = 900;

const SOUND_ONES = {
  "60 MB": () => `{${FLAGS},"x-a":"${"x".repeat(60_000_000)}"}`,
  "1,000,000 members": () => `{${FLAGS},"x-a":{${members(1_000_000, 0)}}}`,
  "lines that end in CRLF": () => JSON.stringify(JSON.parse(SOUND), null, 2).replaceAll("\n", "\r\n"),
};

for (const [name, make] of Object.entries(SOUND_ONES)) {
  test(`${name}: taken`, () => {
    const file = write("hostile.json", make());
    for (const [command, argsOf] of Object.entries(COMMANDS)) {
      const { status, peak } = watched(argsOf(file));
      assert.equal(status, 0, command);
      assert.ok(peak > 0 && peak < MOST_MIB, `${command}: ${peak} MiB`);
    }
  });
}

/** With the place that is told, and the problem. @type {{ [name: string]: [() => string | Uint8Array, RegExp] }} */
const BROKEN_ONES = {
  "1,000,000 flags": [() => `{"flags":{${members(1_000_000, '{"enabled":true}')}}}`, /^1:10 .*more than 10000 members/],
  "1,000,000 levels": [
    () => `{"x-a":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}`,
    /^1:71: nested deeper than 64/,
  ],
  "9,000 broken flags": [() => `{"flags":{${members(9_000, '{"enabled":"é"}')}}}`, /^1:1: 8000 more problems/],
  "60,000,000 lines": [() => `${"\n".repeat(60_000_000)}x`, /^60000001:1: expected a value/],
  "bytes that are not UTF-8": [
    () => Buffer.concat([Buffer.from('{"x-a":"'), Buffer.of(0xff), Buffer.from('"}')]),
    /^1:1: not UTF-8 at byte 8/,
  ],
  "an empty file": [() => "", /^1:1: the text ends where a value was expected/],
  "a file that is cut off": [() => SOUND.slice(0, 30), /^1:31: the text ends/],
  "a byte order mark": [() => `\ufeff${SOUND}`, /^1:1: expected a value/],
};

for (const [name, [make, problem]] of Object.entries(BROKEN_ONES)) {
  test(`${name}: a problem, in its place`, () => {
    const file = write("hostile.json", make());
    for (const [command, argsOf] of Object.entries(COMMANDS)) {
      const { status, printed, told, peak } = watched(argsOf(file));
      assert.equal(status, 1, told);
      const text = command === "check" ? printed : told;
      assert.ok(text.startsWith("hostile.json:"), text.slice(0, 200));
      assert.match(text.slice("hostile.json:".length), problem);
      assert.ok(peak > 0 && peak < MOST_MIB, `${command}: ${peak} MiB`);
    }
  });
}

test("a folder can't be read, nor what isn't there", () => {
  for (const argsOf of Object.values(COMMANDS)) {
    const folderAsFile = run(argsOf("."));
    assert.deepEqual([folderAsFile.status, folderAsFile.printed], [2, ""]);
    assert.match(folderAsFile.told, /^error: \. can't be read: EISDIR/);
    assert.match(run(argsOf("nowhere.json")).told, /^error: nowhere\.json can't be read: ENOENT/);
  }
});

test("a named pipe is read to its end", async () => {
  const pipe = join(folder, "pipe");
  execFileSync("mkfifo", [pipe]);
  const reader = spawn(process.execPath, [COMMAND, "check", pipe], { stdio: ["ignore", "pipe", "inherit"] });
  const writer = spawn("sh", ["-c", 'printf %s "$1" > "$2"', "sh", SOUND, pipe], { stdio: "inherit" });
  const printed = await reader.stdout.setEncoding("utf8").toArray();
  assert.equal(printed.join(""), `${pipe}: ok\n`);
  writer.kill();
});

test("what never ends is read up to 64 MiB: files of any use, and stdin", async () => {
  const endless = [
    ...Object.values(COMMANDS).map((argsOf) => argsOf("/dev/zero")),
    ["diff", "sound.json", "sound.json", "--ids", "/dev/zero"],
    ["eval", "sound.json", "--context-file", "/dev/zero"],
    ["compile", "/dev/zero", "-o", "out.pointsman"],
  ];
  for (const args of endless) {
    const { status, told, peak } = watched(args);
    assert.equal(status, 2, args.join(" "));
    assert.match(told, /^error: \/dev\/zero can't be read: it has more than 67,108,864 bytes\n/);
    assert.ok(peak > 0 && peak < MOST_MIB, `${peak} MiB`);
  }
  const zeros = openSync("/dev/zero", "r");
  for (const argsOf of Object.values(COMMANDS)) {
    const child = spawn(process.execPath, [COMMAND, ...argsOf("-")], { cwd: folder, stdio: [zeros, "ignore", "pipe"] });
    const told = await child.stderr?.setEncoding("utf8").toArray();
    assert.match((told ?? []).join(""), /^error: - can't be read: it has more than 67,108,864 bytes\n/);
    assert.equal(child.exitCode ?? (await new Promise((resolve) => child.once("exit", resolve))), 2);
  }
});
