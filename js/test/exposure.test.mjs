// Who saw what: which decisions count, what is told of them, and that nobody who asks for a decision notices any of it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { importInner } from "../../tests/runtimes/router/inner.mjs";
import { createExposures, observe, observeContext } from "../dist/exposure.js";
import { createEngine as createFlagEngine } from "../dist/flags/node.js";
import { createEngine } from "../dist/node.js";

/** @typedef {import("../dist/exposure.js").Exposure} Exposure */

const staff = { if: { attribute: "plan", op: /** @type {const} */ ("in"), values: ["staff"] } };
const pro = { if: { attribute: "plan", op: /** @type {const} */ ("in"), values: ["pro"] } };
const colours = { red: "#f00", blue: "#00f" };
const split = [{ variant: "red", weight: 1 }, { variant: "blue", weight: 1 }]; // prettier-ignore
const snapshot = {
  layers: { page: {} },
  flags: {
    button: { enabled: true, variants: colours, offVariant: "blue", rollout: { split }, metadata: { team: "shop" } },
    half: { enabled: true, rolloutPercentage: 50, whitelistUsers: ["alice"], rules: [{ ...staff, serve: "on" }, { ...pro, rollout: { percentage: 100 } }] }, // prettier-ignore
    outside: { enabled: true, rolloutPercentage: 100, layer: { name: "page", from: 0, to: 0 } },
    off: { enabled: false, rolloutPercentage: 50 },
    plain: { enabled: true },
  },
};
const engine = await createEngine({ snapshot, strict: true });

/** What was sent is kept. @param {Partial<import("../dist/exposure.js").ExposureOptions>} [options] */
function collector(options = {}) {
  /** @type {Exposure[]} */
  const got = [];
  /** @type {unknown[]} */
  const errors = [];
  const send = (/** @type {readonly Exposure[]} */ batch) => void got.push(...batch);
  const exposures = createExposures({ send, onError: (error) => errors.push(error), ...options });
  return { exposures, got, errors };
}

const keys = (/** @type {Exposure[]} */ got) => got.map(({ flagKey }) => flagKey);

test("what a rollout drew is an exposure: in or out, by a rule or not", async () => {
  const { exposures, got } = collector();
  const observed = observe(engine, exposures);
  const before = Date.now();
  for (const userId of ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8"]) observed.isEnabled("half", { userId });
  observed.isEnabled("half", { userId: "p", plan: "pro" });
  await exposures.flush();
  assert.deepEqual(got.map(({ unit }) => unit), ["u1", "u2", "u3", "u4", "u5", "u6", "u7", "u8", "p"]); // prettier-ignore
  for (const { unit, variant, reason, detail } of got) {
    const rule = unit === "p";
    const expected = engine.isEnabled("half", { userId: unit, ...(rule && { plan: "pro" }) }) ? "on" : "off";
    assert.deepEqual([variant, reason, detail], [expected, "SPLIT", rule ? "rule" : "rollout"]);
  }
  assert.equal(new Set(got.map(({ variant }) => variant)).size, 2);
  assert.ok(got.every(({ time }) => time >= before && time <= Date.now()));
  assert.equal(new Set(got.map(({ id }) => id)).size, got.length);
  // RFC 9562, section 5.4.
  for (const { id } of got) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

for (const [what, flag, context] of /** @type {[string, string, object][]} */ ([
  ["who is listed", "half", { userId: "alice" }],
  ["who a rule serves", "half", { userId: "bob", plan: "staff" }],
  ["who is outside of the flag's part of a layer", "outside", { userId: "bob" }],
  ["a flag that is not enabled", "off", { userId: "bob" }],
  ["a flag without a rollout", "plain", { userId: "bob" }],
  ["who has no id", "half", {}],
  ["a flag that is not there", "nowhere", { userId: "bob" }],
])) {
  test(`no exposure: ${what}`, async () => {
    const { exposures, got } = collector();
    observe(engine, exposures).evaluate(flag, context);
    await exposures.flush();
    assert.deepEqual(got, []);
  });
}

test("a predicate chooses others; errors and the default's type never count", async () => {
  const { exposures, got } = collector({ when: () => true });
  const observed = observe(engine, exposures);
  observed.isEnabled("off", { userId: "bob" });
  observed.isEnabled("half", { userId: "alice" });
  observed.isEnabled("nowhere", { userId: "bob" });
  observed.isEnabled("half", {});
  observed.value("button", { userId: "bob" }, 1);
  assert.equal(observed.evaluate("half", { userId: "bob", plan: "x".repeat(100_000) }).errorCode, "INVALID_CONTEXT");
  await exposures.flush();
  assert.deepEqual(keys(got), ["off", "half"]);
});

test("every way to ask gives what the engine gives, and records it; whoever reads all, or explains, shows nothing", async () => {
  for (const plain of [engine, await createFlagEngine({ snapshot })]) {
    for (const context of [{ userId: "u1" }, { userId: "alice", plan: "pro" }, {}]) {
      const { exposures } = collector();
      const observed = observe(plain, exposures);
      for (const key of [...Object.keys(snapshot.flags), "nowhere"]) {
        for (const [one, other] of [
          [plain, observed],
          [plain.context(context), observed.context(context)],
        ]) {
          // prettier-ignore
          const given = one === plain ? [context] : [];
          const ask = (/** @type {any} */ of) => [
            of.isEnabled(key, ...given),
            of.evaluate(key, ...given),
            ...["#0f0", false, 1].flatMap((or) => [of.value(key, ...given, or), of.details(key, ...given, or)]),
            of.evaluateAll(...given).get(key),
            of.evaluateAll(...given).isEnabled(key),
          ];
          assert.deepEqual(ask(other), ask(one));
        }
      }
      assert.deepEqual([...observed.evaluateAll(context)], [...plain.evaluateAll(context)]);
      assert.deepEqual([observed.revision, observed.attributes, observed.traps], [null, plain.attributes, 0]);
      assert.equal("route" in observed, "route" in plain);
    }
  }
  /** @type {((of: any) => unknown)[]} */
  const asking = [
    (of) => of.isEnabled("button", { userId: "u" }),
    (of) => of.value("button", { userId: "u" }, ""),
    (of) => of.evaluate("button", { userId: "u" }),
    (of) => of.details("button", { userId: "u" }, ""),
    (of) => of.evaluateAll({ userId: "u" }).get("button"),
    (of) => of.evaluateAll({ userId: "u" }).isEnabled("button"),
    (of) => of.context({ userId: "u" }).isEnabled("button"),
    (of) => of.context({ userId: "u" }).evaluateAll().get("button"),
    (of) => [...of.evaluateAll({ userId: "u" })],
    (of) => of.explain("button", { userId: "u" }),
  ];
  const recorded = asking.map((ask) => {
    const { exposures } = collector();
    ask(observe(engine, exposures));
    return exposures.pending;
  });
  assert.deepEqual(recorded, [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
});

test("the snapshot's age, its load and its confirmation are the engine's own", async () => {
  const clock = { now: 1_000_000 };
  for (const create of [createEngine, createFlagEngine]) {
    const plain = await create({ snapshot: { revision: 1, flags: {} }, clock: () => clock.now });
    const observed = observe(plain, collector().exposures);
    clock.now += 5_000;
    assert.deepEqual([observed.age, observed.loaded === plain.loaded], [5_000, true]);
    observed.confirm(2_000);
    assert.deepEqual([observed.age, plain.age], [2_000, 2_000]);
    observed.load({ revision: 2, flags: { one: { enabled: true } } });
    assert.deepEqual([observed.age, observed.loaded.added, plain.loaded.added], [0, ["one"], ["one"]]);
  }
});

test("of a visitor nothing is told but the id, or its HMAC", async () => {
  const visitor = { userId: "alice@mail.example", email: "alice@mail.example", plan: "secret" };
  const { exposures, got } = collector();
  observe(engine, exposures).evaluate("button", { ...visitor, userId: "u1" });
  await exposures.flush();
  const names = ["detail", "flagKey", "flagMetadata", "id", "reason", "time", "unit", "variant"];
  assert.deepEqual(Object.keys(got[0]).toSorted(), names);
  assert.deepEqual(got[0].flagMetadata, { team: "shop" });
  assert.doesNotMatch(JSON.stringify(got), /alice|secret/);
  const hashed = collector({ hashKey: "pepper" });
  observe(engine, hashed.exposures).evaluate("button", visitor);
  await hashed.exposures.flush();
  assert.equal(hashed.got[0].unit, createHmac("sha256", "pepper").update("alice@mail.example").digest("hex"));
  assert.doesNotMatch(JSON.stringify(hashed.got), /alice|secret/);
});

test("the id is the first present of the default unit, or what the caller says", async () => {
  const { exposures, got } = collector();
  const observed = observe(engine, exposures);
  observed.evaluate("button", { visitorId: "v", userId: "u", targetingKey: "t" });
  observed.evaluate("button", { visitorId: "v", userId: "", targetingKey: null });
  observed.evaluate("button", { visitorId: "w", userId: 7 });
  await exposures.flush();
  assert.deepEqual(got.map(({ unit }) => unit), ["t", "v", "7"]); // prettier-ignore
  const account = collector({ unit: ({ account }, key) => key === "button" && account, when: () => true });
  observe(engine, account.exposures).evaluate("button", { userId: "u", account: "a1" });
  observe(engine, account.exposures).evaluate("plain", { userId: "u", account: "a1" });
  observe(engine, account.exposures).evaluate("button", { userId: "u", account: "a".repeat(257) });
  await account.exposures.flush();
  assert.deepEqual(account.got.map(({ unit }) => unit), ["a1"]); // prettier-ignore
});

test("each of (flag, variant, id) once; with dedupe 0 each time", async () => {
  const once = collector();
  const always = collector({ dedupe: 0 });
  for (const { exposures } of [once, always]) {
    for (let i = 0; i < 3; i++) observe(engine, exposures).evaluate("button", { userId: "u1" });
    observe(engine, exposures).evaluate("half", { userId: "u1" });
    await exposures.flush();
    observe(engine, exposures).evaluate("button", { userId: "u1" });
    await exposures.flush();
  }
  assert.deepEqual(keys(once.got), ["button", "half"]);
  assert.deepEqual(keys(always.got), ["button", "button", "button", "half", "button"]);
});

test("what was seen is remembered in bounded memory: the last ones surely, the oldest no more", async () => {
  const { createSeen } = await importInner("exposure/seen.ts");
  const seen = createSeen(100);
  for (let i = 0; i < 1_000; i++) assert.equal(seen.add(`k${i}`), true);
  for (let i = 900; i < 1_000; i++) assert.equal(seen.add(`k${i}`), false, `k${i}`);
  for (let i = 0; i < 800; i++) assert.equal(seen.add(`k${i}`), true, `k${i}`);
  // Whoever is asked for again and again stays.
  for (let i = 0; i < 1_000; i++) assert.equal([seen.add(`n${i}`), seen.add("k799")][1], false);
  seen.forget("k799");
  assert.equal(seen.add("k799"), true);
});

test("a caller's function or getter that throws fails no decision, and is told", () => {
  const broken = () => {
    throw new Error("broken");
  };
  for (const options of [{ when: broken }, { unit: broken }]) {
    const { exposures, errors } = collector(options);
    const context = { userId: "u1" };
    const observed = observe(engine, exposures);
    assert.equal(observed.value("button", context, ""), engine.value("button", context, ""));
    assert.equal(exposures.pending, 0);
    assert.equal(String(errors[0]), "Error: broken");
  }
  const { exposures } = collector({ onError: broken });
  const hostile = Object.defineProperty({ userId: "u1" }, "targetingKey", { get: broken });
  assert.equal(observe(engine, exposures).evaluate("button", hostile).errorCode, "INVALID_CONTEXT");
  for (const context of [null, 7, "x", []]) {
    const evaluation = observe(engine, exposures).evaluate("button", /** @type {any} */ (context));
    assert.equal(evaluation.errorCode, "INVALID_CONTEXT");
    exposures.record(engine.evaluate("button", { userId: "u1" }), /** @type {any} */ (context));
  }
});

test("options out of range are refused where they are given", () => {
  const send = () => {};
  for (const [name, value] of Object.entries({
    maxBatch: 0,
    maxPending: -1,
    dedupe: 0.5,
    flushInterval: NaN,
    timeout: "5",
  })) {
    // prettier-ignore
    assert.throws(() => createExposures(/** @type {any} */ ({ send, [name]: value })), new RegExp(`RangeError: .${name}.`)); // prettier-ignore
  }
  assert.throws(() => createExposures({ send, hashKey: "" }), RangeError);
});

test("a prepared context is observed by what its caller knows of the visitor", async () => {
  const { exposures, got } = collector();
  const visitor = { userId: "u1" };
  observeContext(engine.context(visitor), exposures, visitor).isEnabled("button");
  await exposures.flush();
  assert.deepEqual(got.map(({ flagKey, unit }) => [flagKey, unit]), [["button", "u1"]]); // prettier-ignore
});
