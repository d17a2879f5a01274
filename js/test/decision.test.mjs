// @ts-nocheck: much of this calls on purpose what the types forbid.
/** What callers get of a decision: values, defaults, messages, and that nobody can change another's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { engineModule } from "./builds.mjs";

const { createEngine } = await engineModule(import.meta.url);

const variants = { text: "Buy", number: 7, no: false, empty: null, list: [1, [2]], object: { a: { b: 1 } } };
const serving = (onVariant) => ({
  enabled: true,
  variants,
  onVariant,
  offVariant: "no",
  metadata: { team: "checkout" },
});
const flags = {
  ...Object.fromEntries(Object.keys(variants).map((name) => [name, serving(name)])),
  broken: { enabled: "yes" },
  unit: { enabled: true, rolloutPercentage: 50 },
  plain: { enabled: true },
  ruled: {
    enabled: true,
    rules: [
      { if: { attribute: "plan", op: "in", values: ["pro"] }, serve: "off" },
      { name: "named", if: { attribute: "plan", op: "exists" }, serve: "on" },
    ],
  },
};
const engine = await createEngine({ snapshot: { flags } });

test("a value is given where it is of the default's type; null, lists and objects are types of their own", () => {
  const defaults = { text: "x", number: 0, no: true, empty: null, list: ["x"], object: { x: 1 } };
  for (const [flag, value] of Object.entries(variants)) {
    for (const [type, other] of Object.entries(defaults)) {
      const expected = type === flag ? value : other;
      assert.deepEqual(engine.value(flag, {}, other), expected, `${flag} with a default of ${type}`);
      assert.deepEqual(engine.context({}).value(flag, other), expected);
    }
  }
});

test("a value is the default over any error", () => {
  for (const flag of ["broken", "unit", "nowhere"]) assert.equal(engine.value(flag, {}, true), true);
  assert.equal(engine.value("no", null, true), true);
});

test("objects are given frozen, and the same to everybody", () => {
  const first = engine.value("object", {}, {});
  assert.equal(engine.evaluate("object", {}).value, first);
  assert.throws(() => {
    first.a.b = 2;
  }, TypeError);
  const evaluation = engine.evaluate("list", {});
  for (const part of [evaluation, evaluation.value, evaluation.value[1], evaluation.flagMetadata]) {
    assert.equal(Object.isFrozen(part), true);
  }
});

test("an evaluation has exactly its fields", () => {
  assert.deepEqual(engine.evaluate("text", {}), {
    flagKey: "text",
    value: "Buy",
    variant: "text",
    reason: "STATIC",
    detail: "static",
    flagMetadata: { team: "checkout" },
  });
  assert.deepEqual(Object.keys(engine.evaluate("plain", {})).sort(), ["detail", "flagKey", "flagMetadata", "reason", "value", "variant"]); // prettier-ignore
  assert.deepEqual(engine.evaluate("ruled", { plan: "pro" }).rule, { index: 0 });
  assert.deepEqual(engine.evaluate("ruled", { plan: "free" }).rule, { index: 1, name: "named" });
});

test("an error says what is wrong, in one lower-case sentence that names the flag", () => {
  const errors = [
    ["nowhere", {}, "FLAG_NOT_FOUND", null, null],
    ["broken", {}, "PARSE_ERROR", null, null],
    ["unit", {}, "TARGETING_KEY_MISSING", "off", false],
    ["unit", 7, "INVALID_CONTEXT", "off", false],
  ];
  for (const [flag, context, code, variant, value] of errors) {
    const { errorMessage, ...evaluation } = engine.evaluate(flag, context);
    assert.deepEqual(evaluation, { flagKey: flag, value, variant, reason: "ERROR", detail: code, errorCode: code, flagMetadata: {} }); // prettier-ignore
    assert.match(errorMessage, /^[a-z][^\n]*[^.]$/);
    assert.equal(code === "INVALID_CONTEXT" || errorMessage.includes(`\`${flag}\``), true, errorMessage);
  }
});

test("only the value `true` is enabled", async () => {
  const names = { yes: true, one: 1, text: "true", list: [true], no: false };
  const one = (onVariant) => ({ enabled: true, variants: names, onVariant, offVariant: "no" });
  const other = await createEngine({
    snapshot: { flags: Object.fromEntries(Object.keys(names).map((name) => [name, one(name)])) },
  });
  for (const name of Object.keys(names)) {
    assert.equal(other.isEnabled(name, {}), name === "yes");
    assert.equal(other.context({}).isEnabled(name), name === "yes");
    assert.equal(other.evaluateAll().isEnabled(name), name === "yes");
  }
});

test("each of several variants that are `true` is enabled, and an error is not, whatever the offVariant", async () => {
  const several = { yes: true, also: true, no: false };
  const inverted = { enabled: true, variants: { stay: true, go: false }, onVariant: "go", offVariant: "stay" };
  const one = (onVariant) => ({ enabled: true, variants: several, onVariant, offVariant: "no" });
  const other = await createEngine({
    snapshot: {
      flags: { yes: one("yes"), also: one("also"), no: one("no"), inverted: { ...inverted, rolloutPercentage: 50 } },
    },
  });
  assert.deepEqual(
    ["yes", "also", "no", "inverted"].map((flag) => other.isEnabled(flag, {})),
    [true, true, false, false],
  );
  assert.equal(other.evaluate("inverted", {}).value, true);
  const doubtful = { ...inverted, variants: { ...inverted.variants, also: true }, rolloutPercentage: 50 };
  other.load({ flags: { doubtful } });
  assert.equal(other.isEnabled("doubtful", {}), false);
});

test("keys that every object inherits are keys as any other", async () => {
  const keys = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  for (const key of keys) {
    assert.equal(engine.isEnabled(key, {}), false);
    assert.equal(engine.evaluate(key, {}).errorCode, "FLAG_NOT_FOUND");
    assert.equal(engine.evaluateAll({}).get(key), undefined);
  }
  const members = keys.map((key) => `${JSON.stringify(key)}: {"enabled": true}`);
  const other = await createEngine({ snapshot: `{"flags": {${members.join()}}}` });
  for (const key of keys) assert.equal(other.isEnabled(key, {}), true);
  other.load({ flags: {} });
  for (const key of [...keys, "", "\0"]) assert.equal(other.evaluate(key, {}).errorCode, "FLAG_NOT_FOUND");
});

test("all decisions at once: each flag once, in the snapshot's order, and still there after a load", async () => {
  const other = await createEngine({ snapshot: { flags } });
  const all = other.evaluateAll({ plan: "pro" });
  assert.equal(all.size, Object.keys(flags).length);
  other.load({ flags: { ruled: { enabled: false }, text: { enabled: true } } });
  const expected = Object.keys(flags).map((key) => [key, engine.evaluate(key, { plan: "pro" })]);
  assert.deepEqual([...all], expected);
  assert.equal(all.get("nowhere"), undefined);
  const details = [...other.evaluateAll()].map(([key, { detail }]) => [key, detail]);
  assert.deepEqual(details, [["ruled", "disabled"], ["text", "static"]]); // prettier-ignore
});

test("in whatever order decisions are read, each is its flag's", async () => {
  const keys = ["a", "b", "c", "d"];
  const one = (key) => ({ enabled: true, variants: { on: key, off: "" }, onVariant: "on", offVariant: "off" });
  const other = await createEngine({ snapshot: { flags: Object.fromEntries(keys.map((key) => [key, one(key)])) } });
  // A key that is cut from another text is equal, and another string.
  const cut = (key) => `${key} of a text`.slice(0, key.length);
  const orders = [keys, [...keys].reverse(), ["b", "nowhere", "b", "d", "", "a"], ["c", "c"], keys];
  for (const order of [...orders, ...orders]) {
    for (const written of [order, order.map(cut)]) {
      const all = other.evaluateAll();
      const expected = order.map((key) => (keys.includes(key) ? key : undefined));
      assert.deepEqual(written.map((key) => all.get(key)?.value), expected); // prettier-ignore
    }
  }
  const none = (await createEngine({ snapshot: { flags: {} } })).evaluateAll();
  assert.deepEqual([none.get("a"), none.get("")], [undefined, undefined]);
});

test("a prepared context and single decisions in turns stay what they are", async () => {
  const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
  const other = await createEngine({ snapshot: { flags: { listed } } });
  const visitor = other.context({ userId: "alice" });
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(visitor.isEnabled("listed"), true);
    assert.equal(other.isEnabled("listed", { userId: "bobby" }), false);
  }
});

test("prepared contexts in turns know of themselves alone, also after a load that has other words", async () => {
  const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
  const inPlan = (/** @type {string[]} */ ...values) => ({ enabled: true, rules: [{ if: { attribute: "plan", op: "in", values }, serve: "on" }], rollout: { percentage: 0 } }); // prettier-ignore
  const other = await createEngine({ snapshot: { flags: { listed, paid: inPlan("pro", "team") } } });
  const alice = other.context({ userId: "alice", plan: "free" });
  const bob = other.context({ userId: "bob", plan: "pro" });
  const answers = () =>
    [alice, bob, alice, bob].map((one) => [one.isEnabled("listed"), one.isEnabled("paid"), one.isEnabled("paid")]);
  const expected = [[true, false, false], [false, true, true], [true, false, false], [false, true, true]]; // prettier-ignore
  assert.deepEqual(answers(), expected);
  other.load({ flags: { first: inPlan("free", "none"), listed, paid: inPlan("team", "pro") } });
  assert.deepEqual(answers(), expected);
});

test("who is on a list is found among all flags, by any of the ids that are there", async () => {
  const ids = (/** @type {number} */ flag) => Array.from({ length: 20 }, (_, i) => `user-${flag}-${i}`);
  const flags = Object.fromEntries(
    Array.from({ length: 30 }, (_, flag) => [`flag-${flag}`, { enabled: true, rolloutPercentage: 0, whitelistUsers: ids(flag) }]), // prettier-ignore
  );
  const other = await createEngine({ snapshot: { flags } });
  const on = (/** @type {object} */ context) =>
    [...other.evaluateAll(/** @type {any} */ (context))].flatMap(([key, { value }]) => (value === true ? [key] : []));
  for (let flag = 0; flag < 30; flag++) {
    for (const id of ids(flag)) assert.deepEqual(on({ userId: id }), [`flag-${flag}`], id);
  }
  assert.deepEqual(on({ targetingKey: "nobody", userId: "user-3-0", visitorId: "user-7-1" }), ["flag-3", "flag-7"]);
  for (let i = 0; i < 500; i++) assert.deepEqual(on({ userId: `stranger-${i}` }), []);
});

test("a prepared context keeps what it read, until a load makes it read again", async () => {
  const asks = (attribute) => ({ enabled: true, rules: [{ if: { attribute, op: "in", values: ["x"] }, serve: "on" }], rollout: { percentage: 0 } }); // prettier-ignore
  const other = await createEngine({ snapshot: { flags: { a: asks("a") } } });
  const context = { a: "x", b: "x" };
  const visitor = other.context(context);
  context.a = "y";
  assert.equal(visitor.isEnabled("a"), true);
  assert.equal(other.isEnabled("a", context), false);
  assert.equal(visitor.isEnabled("a"), true);
  other.load({ flags: { b: asks("b"), a: asks("a") } });
  assert.equal(visitor.isEnabled("a"), false);
  context.b = "y";
  assert.equal(visitor.isEnabled("b"), true);
});

test("once loaded, the clock is asked for timed flags alone, and a clock that fails fails them alone", async () => {
  const schedule = [{ at: "2026-01-01T00:00:00Z", percentage: 100 }];
  let now = Date.UTC(2026, 0, 1) - 1;
  let asked = 0;
  const clock = () => {
    asked++;
    if (now === undefined) throw new Error("stopped");
    return now;
  };
  const other = await createEngine({
    snapshot: { flags: { timed: { enabled: true, rollout: { schedule } }, plain: { enabled: true } } },
    clock,
  });
  asked = 0;
  const visitor = other.context({ userId: "alice" });
  assert.equal(other.isEnabled("plain", { userId: "alice" }) && visitor.isEnabled("plain"), true);
  assert.equal(asked, 0);
  assert.equal(other.isEnabled("timed", { userId: "alice" }) || visitor.isEnabled("timed"), false);
  now++;
  assert.equal(other.isEnabled("timed", { userId: "alice" }) && visitor.isEnabled("timed"), true);
  now = undefined;
  for (const evaluation of [
    other.evaluate("timed", { userId: "alice" }),
    visitor.evaluate("timed"),
    other.evaluateAll().get("timed"),
  ]) {
    assert.deepEqual([evaluation.errorCode, evaluation.variant], ["GENERAL", "off"]);
  }
  assert.equal(other.evaluateAll().isEnabled("plain"), true);
});
