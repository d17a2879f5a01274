/** `pointsman eval` and `pointsman explain`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { workshop } from "./cli.mjs";

const { run, write } = workshop();

const snapshot = write("snapshot.json", {
  flags: {
    "new-checkout": { enabled: true, rolloutPercentage: 25, whitelistUsers: ["alice", "bob"] },
    button: {
      enabled: true,
      variants: { off: "Buy", on: "Buy now!" },
      rules: [
        { name: "grown up", if: { attribute: "age", op: "greaterThanOrEqual", values: [18] }, serve: "on" },
        { if: { attribute: "version", op: "semVerGreaterThan", values: ["1.9"] }, serve: "on" },
      ],
      rollout: { percentage: 0 },
    },
    night: { enabled: true, rollout: { schedule: [{ at: "2026-03-02T21:00:00Z", percentage: 100 }] } },
  },
});

const evaluated = (...args) => JSON.parse(run(["eval", snapshot, ...args, "--json"]).printed);

test("who is in at 25 % is who the README says", () => {
  const variantOf = (user) => evaluated("new-checkout", "--user", user).variant;
  assert.deepEqual(["alice", "trent", "carol"].map(variantOf), ["on", "on", "off"]);
});

test("a flag is told with its variant, its value and why", () => {
  const { status, printed, told } = run(["eval", snapshot, "button", "-u", "carol", "-c", "age:=18"]);
  assert.deepEqual([status, told], [0, ""]);
  assert.equal(printed, 'button: on (TARGETING_MATCH, rule 1 "grown up")\nvalue: "Buy now!"\n');
});

test("all flags are told in the order of the snapshot", () => {
  const { printed } = run(["eval", snapshot, "--user", "carol", "--now", "2026-03-02T20:59:59Z"]);
  assert.deepEqual(
    printed.split("\n").map((line) => line.split(/ {2,}/)),
    [
      ["flag", "variant", "value", "why"],
      ["new-checkout", "off", "false", "SPLIT, rollout"],
      ["button", "off", '"Buy"', "SPLIT, rollout"],
      ["night", "off", "false", "SPLIT, rollout"],
      [""],
    ],
  );
  assert.deepEqual(
    evaluated("--user", "carol").map(({ flagKey }) => flagKey),
    ["new-checkout", "button", "night"],
  );
});

test("attributes are texts, or JSON after `:=`", () => {
  const ruleOf = (...args) => evaluated("button", "--user", "carol", ...args).rule?.index;
  assert.equal(ruleOf("-c", "age=18"), undefined);
  assert.equal(ruleOf("-c", "age:=18"), 0);
  // As a number 1.10 would be 1.1.
  assert.equal(ruleOf("-c", "version=1.10"), 1);
  assert.equal(ruleOf("--context", '{"age":18}', "-c", "age:=17"), undefined);
  write("context.json", { age: 17, version: "1.10" });
  assert.equal(ruleOf("--context-file", "context.json"), 1);
  assert.equal(ruleOf("--context-file", "context.json", "--context", '{"age":18}'), 0);
});

test("the time is given in RFC 3339 or in milliseconds", () => {
  const variantAt = (now) => evaluated("night", "--user", "carol", "--now", now).variant;
  const times = ["2026-03-02T20:59:59Z", "2026-03-02T21:00:00Z", "2026-03-02T22:00:00+01:00", "1772485199999"];
  assert.deepEqual(times.map(variantAt), ["off", "on", "on", "off"]);
});

test("the default stands in for an error, and for a value of another type", () => {
  assert.equal(evaluated("new-checkout", "--default", "true").value, true);
  const { value, errorCode } = evaluated("button", "--user", "carol", "--default", "3");
  assert.deepEqual([value, errorCode], [3, "TYPE_MISMATCH"]);
  assert.equal(run(["eval", snapshot, "--default", "3"]).status, 2);
});

test("a decision that is an error ends with 1, and says which", () => {
  const { status, printed } = run(["eval", snapshot, "new-checkout"]);
  assert.equal(status, 1);
  assert.match(printed, /^new-checkout: off \(ERROR, TARGETING_KEY_MISSING\)\nvalue: false\nthe context has none of/);
});

test("an unknown flag is wrong usage, and the known ones are named", () => {
  for (const command of ["eval", "explain", "simulate"]) {
    const { status, printed, told } = run([command, snapshot, "buton"]);
    assert.deepEqual([status, printed], [2, ""]);
    assert.match(told, /^error: no flag buton among 3 flags: there are new-checkout, button, night\nUsage: pointsman /);
  }
});

test("a snapshot with problems is not decided by: they are told on stderr, in their place", () => {
  const input = '{ "flags": { "f": { "enabled": 1 } } }';
  for (const args of [["eval"], ["explain", "f"], ["simulate", "f"], ["bench"]]) {
    const [command = "", ...rest] = args;
    const { status, printed, told } = run([command, "-", ...rest], { input });
    assert.deepEqual([status, printed], [1, ""]);
    assert.match(
      told,
      /^stdin:1:32 \/flags\/f\/enabled: expected a boolean, found a number \(WRONG_TYPE\)\n {2}\|\n1 \| /,
    );
  }
});

test("options of another form are wrong usage", () => {
  for (const [args, says] of /** @type {[string[], RegExp][]} */ ([
    [["-c", "plan"], /key=text/],
    [["-c", "=3"], /key=text/],
    [["-c", "age:=x"], /not JSON/],
    [["--context", "[]"], /JSON object/],
    [["--context", "{"], /not JSON/],
    [["--context-file", "nowhere.json"], /nowhere\.json can't be read/],
    [["--context-file", "text.txt"], /text\.txt holds no JSON object/],
    [["--now", "yesterday"], /2026-11-24T09:00:00Z/],
    [["--now", "2026-03-02"], /2026-11-24T09:00:00Z/],
    [["--now", "9999999999999999"], /2026-11-24T09:00:00Z/],
  ])) {
    write("text.txt", "plan=pro");
    const { status, told } = run(["eval", snapshot, ...args]);
    assert.equal(status, 2, args.join(" "));
    assert.match(told, says);
  }
});

test("attributes that only the platform sets are named as of no use", () => {
  const { status, told } = run(["eval", snapshot, "button", "--user", "carol", "-c", "request.ip=192.0.2.1"]);
  assert.deepEqual([status, told], [0, "note: request.ip is ignored: only the platform sets it\n"]);
});

test("explain tells what docs/explain.md tells", () => {
  const page = readFileSync(new URL("../../docs/explain.md", import.meta.url), "utf8");
  const examples = [
    ...page.matchAll(/```json\n([^]*?)```\n\n`engine\.explain\("(.*?)", (\{.*?\})\)`.*\n\n```text\n([^]*?)```/g),
  ];
  assert.equal(examples.length, 6);
  // The last one's snapshot has a problem.
  for (const [, json = "", flag = "", context = "", text] of examples.slice(0, 5)) {
    const attributes = context.replace(/(\w+):/g, '"$1":');
    const args = ["explain", "-", flag, "--context", attributes, "--now", "2026-11-24T09:00:00Z"];
    // A file is as old as it is read.
    const printed = `${text}  snapshot confirmed 0 s ago\n`;
    assert.deepEqual(run(args, { input: json }), { status: 0, printed, told: "" });
    const { steps, variant } = JSON.parse(run([...args, "--json"], { input: json }).printed);
    assert.ok(steps.length > 1 && text?.startsWith(`${flag}: ${variant} `));
  }
});
