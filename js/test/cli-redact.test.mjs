/** `pointsman redact`: nothing in its output that must not be there, and every flag that is left decides as before. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createEngine } from "../dist/flags/node.js";
import { workshop } from "./cli.mjs";

const { folder, run, write } = workshop();

const secrets = {
  ids: ["alice@example.com", "bob-4711", "carol", "dave"],
  flags: ["fraud-model", "price-test"],
  operations: ["https://stable.internal.example", "x-origin-key", "hunter2", "team-payments", "ledger", "errorRate"],
  names: ["for the launch customer", "unused-segment", "unused-layer", "a note"],
};

const snapshot = {
  $schema: "./a note.json",
  revision: 4,
  salt: "shop",
  "x-note": "a note",
  segments: {
    staff: { any: [{ attribute: "email", op: "in", values: ["alice@example.com"], "x-note": "a note" }] },
    "unused-segment": { attribute: "userId", op: "in", values: ["carol"] },
  },
  layers: { line: { "x-note": "a note" }, "unused-layer": {} },
  flags: {
    checkout: {
      enabled: true,
      rolloutPercentage: 25,
      whitelistUsers: ["alice@example.com", "bob-4711"],
      guard: { errorRate: { max: 0.01 } },
      metadata: { owner: "team-payments" },
      layer: { name: "line", from: 0, to: 90 },
    },
    button: {
      enabled: true,
      variants: { red: { "x-note": 1 }, green: 2, blue: 3 },
      offVariant: "blue",
      whitelist: { red: ["carol"], green: ["dave"] },
      rules: [
        { name: "for the launch customer", if: { not: { segment: "staff" } }, serve: "green" },
        { if: { attribute: "plan", op: "in", values: ["Pro", 7, true], caseInsensitive: true }, serve: "red" },
      ],
      rollout: {
        split: [
          { variant: "red", weight: 1 },
          { variant: "green", weight: 2 },
        ],
        percentage: 60,
      },
    },
    after: { enabled: true, rules: [{ if: { flag: "checkout", is: "on" }, serve: "on" }], rolloutPercentage: 0 },
    "fraud-model": { enabled: true, serverOnly: true, layer: { name: "unused-layer", from: 0, to: 50 } },
    "price-test": { enabled: true, serverOnly: true, rules: [{ if: { segment: "unused-segment" }, serve: "on" }] },
  },
  backends: { ledger: { origin: "https://stable.internal.example", headers: { "x-origin-key": "hunter2" } } },
  routes: [{ name: "ledger", match: {}, backend: "ledger", fallback: "ledger" }],
};

const contexts = [
  {},
  ...["alice@example.com", "bob-4711", "carol", "dave", "erin", ""].flatMap((userId) => [
    { userId },
    { userId, email: "alice@example.com", plan: "PRO" },
    { userId, email: ["x", "alice@example.com"], plan: ["free", "pro"] },
    { targetingKey: userId, email: "erin@example.com", plan: 7 },
  ]),
  ...Array.from({ length: 50 }, (_, i) => ({ userId: `user-${i}`, email: "e", plan: i % 2 === 0 })),
];

/** What the two may not differ in: not metadata, and not names of rules. @param {any} decision */
function told({ variant, value, reason, detail, errorCode, rule }) {
  return { variant, value, reason, detail, errorCode, rule: rule?.index };
}

test("what must not be there is not", () => {
  const { status, printed } = run(["redact", write("snapshot.json", snapshot)]);
  assert.equal(status, 0);
  for (const secret of Object.values(secrets).flat()) {
    assert.ok(JSON.stringify(snapshot).includes(secret), `the test's own snapshot lacks ${secret}`);
    assert.ok(!printed.includes(secret), secret);
  }
});

test("every flag that is left decides as before", async () => {
  const { printed } = run(["redact", write("snapshot.json", snapshot)]);
  const [before, after] = await Promise.all([snapshot, printed].map((given) => createEngine({ snapshot: given })));
  const seen = new Set();
  for (const context of contexts) {
    for (const key of ["checkout", "button", "after"]) {
      const [expected, actual] = [before, after].map((engine) => told(engine.evaluate(key, context)));
      assert.deepEqual(actual, expected, `${key} for ${JSON.stringify(context)}`);
      seen.add(`${key} ${actual.variant} ${actual.detail}`);
    }
    const [all, left] = [before, after].map((engine) => new Map(engine.evaluateAll(context)));
    assert.deepEqual([...left.keys()], ["checkout", "button", "after"]);
    for (const [key, decision] of left) assert.deepEqual(told(decision), told(all.get(key)), key);
  }
  for (const one of ["checkout on whitelist", "checkout off layer", "button red whitelist", "button green rule"]) {
    assert.ok(seen.has(one), `no context shows ${one}`);
  }
});

test("so do the flags of all cases whose snapshots have such a form", async () => {
  const cases = new URL("../../tests/cases/", import.meta.url);
  let count = 0;
  for (const name of readdirSync(cases).filter((file) =>
    /^(identity|whitelist|operator-in|rules|rollout|split|schedule|layers|segments|prerequisites|case-insensitive|bucket|snapshot-salt)\.json$/.test(
      file,
    ),
  )) {
    const file = JSON.parse(readFileSync(new URL(name, cases), "utf8"));
    const { status, printed, told: why } = run(["redact", "-"], { input: JSON.stringify(file.snapshot) });
    assert.equal(status, 0, `${name}: ${why}`);
    let now = 0;
    const engine = await createEngine({ snapshot: printed, clock: () => now });
    for (const { flag, context, now: at = 0, expect, why, default: fallback } of file.cases) {
      if (flag === undefined || fallback !== undefined || at === null) continue;
      now = at;
      const { variant, reason, detail } = engine.evaluate(flag, context ?? {});
      const { variant: wanted, reason: because, detail: by } = expect;
      assert.deepEqual(
        { variant, reason, detail },
        { variant: wanted, reason: because, detail: by },
        `${name}: ${why}`,
      );
      count += 1;
    }
  }
  assert.ok(count > 500, `only ${count} cases`);
});

test("with a salt it is the same each time, by the specification; without, another one", () => {
  const salted = () => run(["redact", write("snapshot.json", snapshot), "--salt", "pepper"]).printed;
  const digest = createHash("sha256").update("pepper\0bob-4711").digest("base64url");
  assert.equal(JSON.parse(salted()).flags.checkout.whitelistUsers[1], digest);
  assert.equal(salted(), salted());
  const salts = [1, 2].map(() => JSON.parse(run(["redact", "snapshot.json"]).printed).hashedLists.salt);
  assert.notEqual(salts[0], salts[1]);
  assert.ok(Buffer.from(salts[0], "base64url").length >= 16);
});

test("once hashed, lists stay as they are", () => {
  const { printed } = run(["redact", write("snapshot.json", snapshot)]);
  assert.deepEqual(run(["redact", "-"], { input: printed }).printed, printed);
  const again = run(["redact", "-", "--salt", "x"], { input: printed });
  assert.deepEqual([again.status, /hashed already/.test(again.told)], [2, true]);
});

test("what would decide otherwise in pages is refused, and nothing is written", () => {
  const flags = {
    a: { enabled: true, rules: [{ if: { segment: "s" }, serve: "on" }] },
    b: { enabled: true, serverOnly: true },
    c: {
      enabled: true,
      rules: [{ if: { attribute: "city", op: "in", values: ["Köln"], caseInsensitive: true }, serve: "on" }],
    },
    d: { enabled: true, rules: [{ if: { attribute: "city", op: "matches", values: ["^K"] }, serve: "on" }] },
  };
  const segments = { s: { not: { flag: "b", is: "on" } } };
  const of = (...keys) => ({ segments, flags: Object.fromEntries([...keys, "b"].map((key) => [key, flags[key]])) });
  for (const [keys, says] of /** @type {const} */ ([
    [["a"], "`a` depends on `b`, which is serverOnly: mark `a` serverOnly too, or unmark `b`"],
    [["c"], "`c` compares letters beyond ASCII whatever their case, which pages can't: mark it serverOnly"],
    [
      ["d"],
      "/flags/d/rules/0/if/op: the operator `matches` needs the full build: import `pointsman/full` (NEEDS_FULL_BUILD)",
    ],
  ])) {
    const given = { input: JSON.stringify(of(...keys)) };
    const told = run(["redact", "-", "-o", "out.json"], given);
    assert.deepEqual(told, { status: 1, printed: "", told: `stdin: ${says}\n` });
    const { status, printed } = run(["redact", "-", "-o", "out.json", "--json"], given);
    assert.deepEqual([status, JSON.parse(printed).refusals], [1, [says]]);
    assert.equal(existsSync(join(folder, "out.json")), false);
  }
});

test("what is left out is told, and which rollbacks pages don't see", () => {
  write("snapshot.json", snapshot);
  const note = "note: a rollback of `checkout` does not reach pages that decide by themselves\n";
  assert.deepEqual(run(["redact", "snapshot.json", "-o", "out.json"]), {
    status: 0,
    printed: "",
    told: `${note}3 flags, 2 left out\n`,
  });
  const { printed } = run(["redact", "snapshot.json", "-o", "out.json", "--json"]);
  assert.deepEqual(JSON.parse(printed), {
    kept: ["checkout", "button", "after"],
    dropped: ["fraud-model", "price-test"],
    guarded: ["checkout"],
    refusals: [],
  });
});

test("names that objects inherit are names like others", () => {
  const text = '{ "flags": { "__proto__": { "enabled": true, "serverOnly": true }, "toString": { "enabled": true } } }';
  const { printed } = run(["redact", "-"], { input: text });
  assert.deepEqual(Object.keys(JSON.parse(printed).flags), ["toString"]);
});

test("wrong usage ends with 2; a snapshot with problems with 1", () => {
  run(["compile", write("snapshot.json", snapshot), "-o", "compiled"]);
  for (const [args, input, status, says] of /** @type {[string[], string, number, RegExp][]} */ ([
    [["nowhere.json"], "", 2, /nowhere\.json can't be read/],
    [["compiled"], "", 2, /a compiled snapshot/],
    [["-", "--json"], "{}", 2, /both want stdout/],
    [["-"], '{ "flags": { "f": {} } }', 1, /the member `enabled` is missing/],
    [["-"], "{ // comment\n}", 1, /NOT_JSON/],
    [["-", "--salt", ""], "{}", 1, /\/hashedLists\/salt: a name must not be empty/],
    [["-", "-o", "nowhere/out.json"], "{}", 2, /can't be written/],
  ])) {
    const result = run(["redact", ...args], { input });
    assert.equal(result.status, status, args.join(" "));
    assert.match(result.told, says);
    assert.equal(result.printed, "");
  }
});
