// @ts-nocheck: much of this calls on purpose what the types forbid.
/** What the engine reads of a context, and how: names, paths, types, bounds, getters. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { engineModule } from "./builds.mjs";

const { createEngine } = await engineModule(import.meta.url);

/** One flag a question: on where the rule's condition is true of the attribute. */
const asks = (attribute, op, values) => ({
  enabled: true,
  rules: [{ if: values === undefined ? { attribute, op } : { attribute, op, values }, serve: "on" }],
  rollout: { percentage: 0 },
});

async function engineOf(flags) {
  return createEngine({ snapshot: { flags } });
}

/** Asked at once, prepared, and among all: the answer must be the same. */
function answer(engine, flag, context) {
  const { variant, errorCode } = engine.evaluate(flag, context);
  const ways = [engine.context(context).evaluate(flag), engine.evaluateAll(context).get(flag)];
  for (const other of ways) assert.deepEqual([other.variant, other.errorCode], [variant, errorCode]);
  return errorCode ?? variant;
}

test("strings, numbers, booleans and lists reach the operators as what they are", async () => {
  const engine = await engineOf({
    text: asks("a", "in", ["x"]),
    number: asks("a", "in", [1.5]),
    yes: asks("a", "in", [true]),
    there: asks("a", "exists"),
  });
  const expected = [
    ["x", "text"],
    [1.5, "number"],
    [true, "yes"],
    [["w", "x"], "text"],
    [[1, 1.5], "number"],
    [[null, undefined, {}, [], true], "yes"],
  ];
  for (const [a, matching] of expected) {
    for (const flag of ["text", "number", "yes"]) {
      assert.equal(answer(engine, flag, { a }), flag === matching ? "on" : "off", `${flag} of ${JSON.stringify(a)}`);
    }
    assert.equal(answer(engine, "there", { a }), "on");
  }
});

test("what no operator reads is there all the same, null and undefined are not", async () => {
  const engine = await engineOf({ there: asks("a", "exists"), text: asks("a", "in", ["x", "[object Object]"]) });
  for (const a of [{}, () => "x", 1n, Symbol("x"), NaN, Infinity, new Date(0), new String("x")]) {
    assert.equal(answer(engine, "there", { a }), "on");
    assert.equal(answer(engine, "text", { a }), "off");
  }
  for (const context of [{ a: null }, { a: undefined }, {}]) assert.equal(answer(engine, "there", context), "off");
});

test("an own key with dots wins over a path, and a path leads through own members of objects alone", async () => {
  const engine = await engineOf({ eu: asks("geo.country.code", "in", ["DE"]), there: asks("geo.toString", "exists") });
  const nested = { geo: { country: { code: "DE" } } };
  assert.equal(answer(engine, "eu", nested), "on");
  assert.equal(answer(engine, "eu", { ...nested, "geo.country.code": "FR" }), "off");
  assert.equal(answer(engine, "eu", { ...nested, "geo.country.code": null }), "off");
  assert.equal(answer(engine, "eu", { geo: { "country.code": "DE" } }), "off");
  for (const geo of [null, "DE", [], { country: null }, { country: ["DE"] }]) {
    assert.equal(answer(engine, "eu", { geo }), "off");
  }
  assert.equal(answer(engine, "there", { geo: {} }), "off");
  assert.equal(answer(engine, "there", { geo: { toString: "own" } }), "on");
});

test("names that every object inherits count only as own keys", async () => {
  const engine = await engineOf({ built: asks("constructor", "exists"), proto: asks("__proto__", "in", ["x"]) });
  assert.equal(answer(engine, "built", {}), "off");
  assert.equal(answer(engine, "built", { constructor: "own" }), "on");
  assert.equal(answer(engine, "proto", {}), "off");
  assert.equal(answer(engine, "proto", JSON.parse('{"__proto__": "x"}')), "on");
});

test("attributes of the request are not taken from a caller", async () => {
  const engine = await engineOf({ spoofed: asks("request.country", "exists") });
  for (const context of [{ "request.country": "DE" }, { request: { country: "DE" } }]) {
    assert.equal(answer(engine, "spoofed", context), "off");
  }
});

test("a class's getters are read, and attributes that nobody asks for are not", async () => {
  const engine = await engineOf({ plan: asks("plan", "in", ["pro"]) });
  class User {
    get plan() {
      return "pro";
    }
    get password() {
      throw new Error("nobody asked for it");
    }
  }
  assert.equal(answer(engine, "plan", new User()), "on");
});

test("no context is an empty one; anything but an object is an invalid one", async () => {
  const engine = await engineOf({ always: { enabled: true }, unit: { enabled: true, rolloutPercentage: 50 } });
  assert.equal(engine.evaluate("always").variant, "on");
  assert.equal(engine.evaluate("unit").errorCode, "TARGETING_KEY_MISSING");
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const named = Object.assign(["alice"], { userId: "alice" });
  for (const context of [null, "alice", 7, true, ["alice"], named, () => "alice", proxy]) {
    for (const flag of ["always", "unit"]) {
      const { errorCode, variant, value, reason } = engine.evaluate(flag, context);
      assert.deepEqual([errorCode, variant, value, reason], ["INVALID_CONTEXT", "off", false, "ERROR"]);
      assert.equal(answer(engine, flag, context), "INVALID_CONTEXT");
      assert.equal(engine.isEnabled(flag, context), false);
      assert.equal(engine.value(flag, context, "default"), "default");
    }
  }
});

test("a getter that throws is an invalid context, for the flags that ask for it", async () => {
  const engine = await engineOf({ plan: asks("plan", "exists"), unit: { enabled: true, rolloutPercentage: 50 } });
  const throws = (name) => ({
    get [name]() {
      throw new Error("no");
    },
  });
  assert.equal(answer(engine, "plan", throws("plan")), "INVALID_CONTEXT");
  assert.equal(answer(engine, "unit", throws("plan")), "TARGETING_KEY_MISSING");
  for (const name of ["targetingKey", "userId", "visitorId"]) {
    assert.equal(answer(engine, "unit", throws(name)), "INVALID_CONTEXT");
    assert.equal(answer(engine, "plan", throws(name)), "off");
  }
});

test("strings end at 16,384 bytes and lists at 1,024 elements", async () => {
  const long = "ü".repeat(8_192);
  const engine = await engineOf({ a: asks("a", "in", [long, "x"]), unit: { enabled: true, rolloutPercentage: 50 } });
  assert.equal(answer(engine, "a", { a: long }), "on");
  assert.equal(answer(engine, "a", { a: `${long}x` }), "INVALID_CONTEXT");
  assert.equal(answer(engine, "a", { a: "x".repeat(16_385) }), "INVALID_CONTEXT");
  assert.equal(answer(engine, "a", { a: [...Array(1_023).fill("y"), "x"] }), "on");
  assert.equal(answer(engine, "a", { a: [...Array(1_024).fill("y"), "x"] }), "INVALID_CONTEXT");
  assert.equal(answer(engine, "unit", { userId: "x".repeat(16_385) }), "INVALID_CONTEXT");
  assert.notEqual(answer(engine, "unit", { userId: "x".repeat(16_384) }), "INVALID_CONTEXT");
  assert.notEqual(answer(engine, "unit", { userId: "x" }), "INVALID_CONTEXT");
});

test("what doesn't fit into the region as a whole is invalid only for flags that ask for too much of it", async () => {
  const names = Array.from({ length: 8 }, (_, i) => `part${i}`);
  const parts = Object.fromEntries(names.map((name) => [name, name + "x".repeat(9_000)]));
  const all = { enabled: true, rules: [{ if: { all: names.map((attribute) => ({ attribute, op: "exists" })) }, serve: "on" }], rollout: { percentage: 0 } }; // prettier-ignore
  const engine = await engineOf({ all, one: asks("part7", "startsWith", ["part7xx"]) });
  assert.equal(answer(engine, "all", parts), "INVALID_CONTEXT");
  assert.equal(answer(engine, "one", parts), "on");
});

test("ids of every length and alphabet are the same id, however they are packed", async () => {
  const ids = ["a", "ab", "abc", "abcd", "abcde", "zoë", "日本語", "🚂", "a🚂b", "\ud800", "a\udfffb", "é".repeat(77)];
  for (let length = 30; length < 45; length++) ids.push("0123456789".repeat(5).slice(0, length));
  const flag = (whitelistUsers) => ({ enabled: true, rolloutPercentage: 0, whitelistUsers });
  const flags = ids.map((id, i) => [`flag${i}`, flag([id.toWellFormed?.() ?? wellFormed(id)])]);
  const engine = await engineOf(Object.fromEntries(flags));
  for (const id of ids) {
    for (const name of ["targetingKey", "userId", "visitorId"]) {
      const listed = flags.filter(([key]) => answer(engine, key, { [name]: id }) === "on").map(([key]) => key);
      assert.deepEqual(listed, [`flag${ids.indexOf(id)}`], id);
    }
    assert.equal(engine.isEnabled(`flag${ids.indexOf(id)}`, { targetingKey: "other", userId: id }), true);
  }
});

/** As TextEncoder has it: a lone surrogate is U+FFFD. */
function wellFormed(text) {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

test("which attribute holds an id is not forgotten between ids of one length", async () => {
  const rules = [{ if: { attribute: "userId", op: "exists" }, serve: "on" }];
  const engine = await engineOf({ user: { enabled: true, rules, rollout: { percentage: 0.0001 } } });
  for (const [name, expected] of Object.entries({ userId: "on", visitorId: "off", targetingKey: "off" })) {
    for (const other of ["userId", "visitorId", "targetingKey"]) {
      engine.isEnabled("user", { [other]: "bobby" });
      assert.equal(engine.evaluate("user", { [name]: "alice" }).variant, expected, `${name} after ${other}`);
    }
  }
});

test("a list of numbers after a text of any length", async () => {
  const all = [
    { attribute: "text", op: "exists" },
    { attribute: "list", op: "in", values: [1.5] },
  ];
  const engine = await engineOf({ both: { enabled: true, rules: [{ if: { all }, serve: "on" }], rollout: { percentage: 0 } } }); // prettier-ignore
  for (let length = 0; length < 9; length++) {
    assert.equal(answer(engine, "both", { text: "x".repeat(length), list: [7, 1.5] }), "on");
    assert.equal(answer(engine, "both", { text: "x".repeat(length), list: [7, 2.5] }), "off");
  }
});

test("an integer is an id in decimal, and other numbers are none", async () => {
  const engine = await engineOf({ unit: { enabled: true, rolloutPercentage: 0, whitelistUsers: ["42", "-7"] } });
  assert.equal(answer(engine, "unit", { userId: 42 }), "on");
  assert.equal(answer(engine, "unit", { userId: -7 }), "on");
  assert.equal(answer(engine, "unit", { userId: 42.5 }), "off");
});

test("a getter may ask the same engine anything, and both decisions are right", async () => {
  const engine = await engineOf({ inner: asks("a", "in", ["inner"]), outer: asks("b", "in", ["outer"]), both: asks("a", "in", ["outer"]) }); // prettier-ignore
  const context = {
    get a() {
      const list = Array(100).fill("inner");
      assert.equal(engine.evaluate("inner", { a: list }).variant, "on");
      assert.equal(engine.context({ a: "inner", b: "x" }).evaluateAll().isEnabled("inner"), true);
      return "outer";
    },
    get b() {
      assert.equal(engine.evaluate("outer", { b: "inner" }).variant, "off");
      return "outer";
    },
  };
  for (const flag of ["outer", "both"]) assert.equal(answer(engine, flag, context), "on");
});

test("a getter that loads another snapshot is an invalid context, and the new snapshot is in use", async () => {
  const engine = await engineOf({ a: asks("a", "exists"), unit: { enabled: true } });
  let loads = 0;
  const context = {
    get a() {
      engine.load({
        flags: { other: asks("b", "exists"), a: asks("a", "exists"), nth: asks(`c${loads++}`, "exists") },
      });
      return "x";
    },
  };
  assert.equal(engine.evaluate("a", context).errorCode, "INVALID_CONTEXT");
  assert.equal(engine.isEnabled("a", { a: "x" }), true);
  assert.equal(engine.evaluateAll(context).get("a")?.errorCode, "INVALID_CONTEXT");
  assert.equal(loads >= 2, true);
});
