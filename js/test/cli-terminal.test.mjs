/** The command among others: help, pipes, colours, completions. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { COMMAND, workshop } from "./cli.mjs";

const { folder, run, write } = workshop();

const COMMANDS =
  "check eval explain diff simulate bench compile keygen sign verify redact token schema completions".split(" ");
const bad = '{ "flags": { "f": { "enabled": 1 } } }';

/** A line of bash that calls `pointsman`. */
function bash(script) {
  write("pointsman", `#!/bin/sh\nexec "${process.execPath}" "${COMMAND}" "$@"\n`);
  chmodSync(join(folder, "pointsman"), 0o755);
  const env = { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}` };
  const { stdout, stderr } = spawnSync("bash", ["-c", script], { cwd: folder, env, encoding: "utf8" });
  return { printed: stdout, told: stderr };
}

test("help lists all commands, and each has help with an example", () => {
  const { status, printed } = run(["--help"]);
  const listed = [...printed.matchAll(/^ {2}(\w+) .*/gm)].map(([, name]) => name);
  assert.deepEqual([status, listed], [0, [...COMMANDS, "help"]]);
  for (const args of [...COMMANDS.map((name) => [name]), ["token", "mint"], ["token", "verify"]]) {
    const help = run([...args, "--help"]);
    assert.equal(help.status, 0);
    assert.match(help.printed, /^Usage: pointsman /);
    assert.match(help.printed, /\nExamples?:\n {2}\$ .*(pointsman|openssl)/, args.join(" "));
  }
});

test("what is mistyped is told on stderr with the usage, and what is near it", () => {
  for (const [args, near] of /** @type {[string[], string][]} */ ([
    [["chekc"], "check"],
    [["check", "--jsn", "x"], "--json"],
    [["token", "verfy"], "verify"],
  ])) {
    const { status, printed, told } = run(args);
    assert.deepEqual([status, printed], [2, ""]);
    assert.match(told, /^error: unknown (command|option)/);
    assert.ok(told.includes(`(Did you mean ${near}?)`) && told.includes("\nUsage: pointsman "), told);
  }
  assert.match(run(["check", "--build", "half", "x"]).told, /Allowed choices are core, full/);
  assert.equal(run(["completions", "tcsh"]).status, 2);
});

test("a reader that has seen enough ends it quietly", () => {
  const flags = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`f${i}`, { enabled: 1 }]));
  write("many.json", { flags });
  write("all.json", {
    flags: Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`f${i}`, { enabled: true }])),
  });
  for (const command of ["check many.json", "eval all.json", "eval all.json --json", "schema"]) {
    const { printed, told } = bash(`set -o pipefail; pointsman ${command} | head -c 20`);
    assert.deepEqual([printed.length, told], [20, ""], command);
  }
});

test("nothing is cut off on its way through a pipe", () => {
  const flags = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`f${i}`, { enabled: true }]));
  write("all.json", { flags });
  assert.equal(bash("pointsman eval all.json | wc -l").printed.trim(), "9001");
});

test("a pipe gets no colours but by FORCE_COLOR, and NO_COLOR has the last word", () => {
  const printed = (env) => run(["check", "-"], { input: bad, env }).printed;
  const isColoured = (env) => stripVTControlCharacters(printed(env)) !== printed(env);
  assert.deepEqual(
    [{}, { CI: "true" }, { FORCE_COLOR: "1" }, { FORCE_COLOR: "0" }, { FORCE_COLOR: "1", NO_COLOR: "1" }].map(
      isColoured,
    ),
    [false, false, true, false, false],
  );
  assert.equal(stripVTControlCharacters(printed({ FORCE_COLOR: "1" })), printed({}));
});

test("progress is for terminals", () => {
  const path = write("one.json", { flags: { f: { enabled: true } } });
  for (const args of [
    ["simulate", path, "f"],
    ["diff", path, path],
    ["bench", path, "--seconds", "1"],
  ]) {
    assert.equal(run(args, { env: { FORCE_COLOR: "1" } }).told, "");
  }
});

test("bench measures each flag", () => {
  const path = write("two.json", { flags: { f: { enabled: true }, g: { enabled: true, rolloutPercentage: 50 } } });
  const { load, flags } = JSON.parse(run(["bench", path, "--seconds", "1", "--json"]).printed);
  assert.deepEqual(
    flags.map(({ flag }) => flag),
    ["f", "g"],
  );
  for (const figure of [...flags.map(({ ns }) => ns), load.ns, load.loads, load.memory]) assert.ok(figure > 0);
  assert.match(run(["bench", "-", "--seconds", "1"], { input: "{}" }).printed, /^2 bytes loaded in .*\n\nno flags\n$/);
});

test("schema prints the package's schema, or where it is", () => {
  const schema = readFileSync(new URL("../schema/snapshot.schema.json", import.meta.url), "utf8");
  assert.equal(run(["schema"]).printed, schema);
  assert.equal(readFileSync(run(["schema", "--path"]).printed.trim(), "utf8"), schema);
});

test("bash completes commands, options and values", () => {
  const complete = (...words) => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const call = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _pointsman; echo "\${COMPREPLY[@]}"`;
    const { printed, told } = bash(`source <(pointsman completions bash); complete -p pointsman >/dev/null; ${call}`);
    assert.equal(told, "");
    return printed.trim().split(" ").filter(Boolean);
  };
  assert.deepEqual(complete("pointsman", ""), [...COMMANDS, "help"]);
  assert.deepEqual(complete("pointsman", "com"), ["compile", "completions"]);
  assert.deepEqual(complete("pointsman", "check", "--b"), ["--build"]);
  assert.deepEqual(complete("pointsman", "check", "x.json", "--build", ""), ["core", "full"]);
  assert.deepEqual(complete("pointsman", "token", "m"), ["mint"]);
  assert.deepEqual(complete("pointsman", "token", "mint", "--key"), ["--key-file", "--key-env"]);
  assert.deepEqual(complete("pointsman", "completions", ""), ["bash", "zsh", "fish"]);
  // Files: those readline completes.
  assert.deepEqual(complete("pointsman", "check", ""), []);
  assert.deepEqual(complete("pointsman", "eval", "x.json", "--context-file", ""), []);
});

test("each option of each command is in every shell's script", () => {
  for (const shell of ["bash", "zsh", "fish"]) {
    const script = run(["completions", shell]).printed;
    for (const name of COMMANDS) {
      const options = run([name, "--help"]).printed.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm);
      for (const [, option] of options)
        assert.match(script, new RegExp(`(--|-l )${option}\\b`), `${shell}: ${name} ${option}`);
    }
  }
  execFileSync("bash", ["-n", write("completions.bash", run(["completions", "bash"]).printed)], { cwd: folder });
});
