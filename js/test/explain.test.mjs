// @ts-nocheck: some of this calls on purpose what the types forbid.
/** Explanations: the texts of tests/explain/, as natively; their steps as data; and that asking changes nothing. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { explanationText } from "../dist/explain.js";
import { engineModule } from "./builds.mjs";

const { createEngine } = await engineModule(import.meta.url);

const FOLDER = new URL("../../tests/explain/", import.meta.url);
const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const read = (name) => readFileSync(new URL(name, FOLDER), "utf8");

test("every question is answered as expected", async () => {
  for (const name of names) {
    const { snapshot, flag, context, now = 0 } = JSON.parse(read(name));
    const engine = await createEngine({ snapshot, clock: () => now });
    const expected = read(name.replace(/json$/, "txt")).trimEnd();
    // The age is the package's alone.
    for (const explanation of [engine.explain(flag, context), engine.context(context).explain(flag)]) {
      assert.equal(explanationText({ ...explanation, age: null }), expected, name);
    }
  }
  assert.ok(names.length >= 11, `only ${names.length} questions were found`);
});

const snapshot = {
  segments: { adults: { attribute: "age", op: "greaterThanOrEqual", values: [18] } },
  flags: {
    base: { enabled: true },
    bar: {
      enabled: true,
      whitelistUsers: ["bob"],
      rules: [{ name: "of age", if: { all: [{ segment: "adults" }, { flag: "base", is: "on" }] }, serve: "on" }],
      rolloutPercentage: 0,
    },
    "a/b~c": { enabled: "yes" },
  },
};

test("the snapshot's age is told, in words in whole seconds", async () => {
  let now = 1_000_000;
  const engine = await createEngine({ snapshot, clock: () => now });
  now += 12_999;
  for (const flag of ["bar", "a/b~c", "none"]) {
    const explanation = engine.explain(flag, {});
    assert.equal(explanation.age, 12_999);
    assert.match(explanationText(explanation), /^[^]+\n {2}snapshot confirmed 12 s ago$/);
  }
  now = NaN;
  assert.equal(engine.explain("bar", {}).age, null);
  assert.doesNotMatch(explanationText(engine.explain("bar", {})), /confirmed/);
});

test("a step has its kind, its depth, its result, and what it compared", async () => {
  const engine = await createEngine({ snapshot });
  const { steps, truncated, problems, age, ...evaluation } = engine.explain("bar", {
    userId: "zoë",
    age: 17,
    other: 1,
  });
  assert.deepEqual(evaluation, engine.evaluate("bar", { userId: "zoë", age: 17 }));
  assert.deepEqual([truncated, problems, typeof age], [false, [], "number"]);
  const ids = [{ attribute: "targetingKey" }, { attribute: "userId", value: "zoë" }, { attribute: "visitorId" }];
  assert.deepEqual(steps.slice(0, 7), [
    { step: "enabled", depth: 0, result: true },
    { step: "whitelist", ids, depth: 0, result: false },
    { step: "rule", index: 0, name: "of age", depth: 0, result: false },
    { step: "all", depth: 1, result: false },
    { step: "segment", segment: "adults", depth: 2, result: false },
    {
      step: "test",
      condition: { attribute: "age", op: "greaterThanOrEqual", values: [18] },
      actual: { attribute: "age", value: 17 },
      depth: 3,
      result: false,
    },
    { step: "rollout", ids, depth: 0, result: false },
  ]);
});

test("a broken flag's explanation has the problems of that flag, and no other's", async () => {
  const engine = await createEngine({ snapshot });
  const broken = engine.explain("a/b~c", {});
  assert.deepEqual([broken.errorCode, broken.steps], ["PARSE_ERROR", []]);
  assert.deepEqual(broken.problems.map(({ pointer, code }) => [pointer, code]), [["/flags/a~1b~0c/enabled", "WRONG_TYPE"]]); // prettier-ignore
  assert.deepEqual(engine.explain("base", {}).problems, []);
  assert.equal(engine.explain("a/b~c/enabled", {}).problems.length, 0);
});

test("what can't be decided is explained as the error that it is", async () => {
  let now = 0;
  const rollout = { schedule: [{ at: "2026-01-01T00:00:00Z", percentage: 50 }] };
  const engine = await createEngine({ snapshot: { flags: { timed: { enabled: true, rollout } } }, clock: () => now });
  assert.equal(engine.explain("nowhere", {}).errorCode, "FLAG_NOT_FOUND");
  assert.equal(engine.explain("timed", 7).errorCode, "INVALID_CONTEXT");
  now = NaN;
  assert.equal(engine.explain("timed", { userId: "alice" }).errorCode, "GENERAL");
});

test("after 1,000 steps the rest is left out, and the decision is the same", async () => {
  const condition = { any: Array.from({ length: 999 }, () => ({ attribute: "plan", op: "in", values: ["x"] })) };
  const rules = [{ if: condition, serve: "on" }, { if: { attribute: "plan", op: "exists" }, serve: "on" }]; // prettier-ignore
  const engine = await createEngine({ snapshot: { flags: { long: { enabled: true, rules, rolloutPercentage: 0 } } } });
  const explanation = engine.explain("long", { plan: "pro" });
  assert.deepEqual([explanation.steps.length, explanation.truncated, explanation.variant], [1_000, true, "on"]);
  assert.match(explanationText(explanation), /\n {2}… more than 1,000 steps\n.+$/);
});

test("a prepared context is as it was after an explanation", async () => {
  const engine = await createEngine({ snapshot });
  const prepared = engine.context({ userId: "zoë", age: 18 });
  assert.equal(prepared.isEnabled("bar"), true);
  assert.equal(engine.explain("bar", { userId: "eve", age: 1 }).variant, "off");
  assert.equal(prepared.isEnabled("bar"), true);
});
