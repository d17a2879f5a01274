// @ts-nocheck: some of this calls on purpose what the types forbid.
/** `pointsman/openfeature-server` through the SDK: contexts, errors, hooks, events, tracking, live engines. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OpenFeature, ProviderEvents } from "@openfeature/server-sdk";
import { createEngine } from "pointsman";
import { PointsmanProvider } from "pointsman/openfeature-server";
import { liveEngine } from "pointsman/router";

after(() => OpenFeature.close());

const NEW_YEAR = "2026-01-01T00:00:00Z";
const serving = (more) => ({ enabled: true, ...more });
const when = (condition) => serving({ rules: [{ if: condition, serve: "on" }], rolloutPercentage: 0 });
const since = (attribute) => when({ attribute, op: "after", values: [NEW_YEAR] });

let domains = 0;

/** A client of a provider of its own, and the events that it heard. */
async function clientOf(provider) {
  const domain = `server-${domains++}`;
  const heard = [];
  const client = OpenFeature.getClient(domain);
  for (const type of Object.values(ProviderEvents)) {
    client.addHandler(type, ({ domain: of, flagsChanged, message } = {}) => {
      if (of === domain || of === undefined) heard.push([type, flagsChanged ?? message]);
    });
  }
  heard.length = 0;
  await OpenFeature.setProviderAndWait(domain, provider).catch(() => {});
  return { client, heard, domain };
}

const clientFor = async (snapshot) =>
  (await clientOf(new PointsmanProvider({ engine: await createEngine({ snapshot }) }))).client;

test("a Date is compared as a time, wherever an attribute may be; one that holds no time is absent", async () => {
  const flags = {
    top: since("since"),
    deep: since("account.since"),
    none: when({ not: { attribute: "since", op: "exists" } }),
  };
  const client = await clientFor({ flags });
  const [before, later, invalid] = [new Date("2025-12-31"), new Date("2026-01-02"), new Date(NaN)];
  const is = (flag, context) => client.getBooleanValue(flag, false, context);
  for (const [since, expected] of [
    [before, false],
    [later, true],
    [invalid, false],
    [[before, later], true],
    [[before, invalid], false],
  ]) {
    assert.equal(await is("top", { since }), expected, `${since}`);
    assert.equal(await is("deep", { account: { since } }), expected, `${since}`);
    assert.equal(await is("deep", { "account.since": since, account: { since: before } }), expected, `${since}`);
  }
  assert.equal(await is("none", { since: later }), false);
  assert.equal(await is("none", { since: invalid }), true);
});

test("a context is left as it was, and may hold what no flag asks for", async () => {
  const client = await clientFor({ flags: { top: since("since") } });
  const context = Object.freeze({
    since: new Date("2026-01-02"),
    born: new Date(0),
    list: Object.freeze([new Date(0)]),
  });
  const circle = { since: new Date("2026-01-02") };
  circle.self = circle;
  assert.equal(await client.getBooleanValue("top", false, context), true);
  assert.equal(await client.getBooleanValue("top", false, circle), true);
  assert.ok(context.since instanceof Date && context.list[0] instanceof Date);
});

test("nobody gets in by what only the platform may say", async () => {
  const client = await clientFor({
    flags: { local: when({ attribute: "request.country", op: "in", values: ["DE"] }) },
  });
  for (const context of [{ "request.country": "DE" }, { request: { country: "DE" } }]) {
    assert.equal(await client.getBooleanValue("local", false, context), false);
  }
});

test("each kind of decision, and each error, as the SDK's hooks see it", async () => {
  const flags = {
    half: serving({ rolloutPercentage: 50 }),
    listed: serving({ whitelistUsers: ["alice"], rolloutPercentage: 0 }),
    off: { enabled: false },
    broken: serving({ rolloutPercentage: 150 }),
    nested: since("account.since"),
    noted: serving({ metadata: { owner: "shop", tier: 2, fresh: true } }),
  };
  const client = await clientFor({ flags });
  const seen = [];
  const note = ({ variant, reason, errorCode, flagMetadata }) => ({ variant, reason, errorCode, flagMetadata });
  client.addHooks({
    error: (_, error) => void seen.push(error.code),
    finally: (_, details) => void seen.push(note(details)),
  });
  const throwing = { get since() { throw new Error("no"); } }; // prettier-ignore
  const ask = async (flag, context) => {
    seen.length = 0;
    return [await client.getBooleanValue(flag, true, context), ...seen];
  };
  const decided = (variant, reason, flagMetadata = {}) => ({ variant, reason, errorCode: undefined, flagMetadata });
  const failed = (errorCode) => [true, errorCode, { variant: undefined, reason: "ERROR", errorCode, flagMetadata: {} }];
  assert.deepEqual(await ask("listed", { targetingKey: "alice" }), [true, decided("on", "TARGETING_MATCH")]);
  assert.deepEqual(await ask("listed", { userId: "alice" }), [true, decided("on", "TARGETING_MATCH")]);
  assert.deepEqual(await ask("listed", { targetingKey: "bob" }), [false, decided("off", "SPLIT")]);
  assert.deepEqual(await ask("off", { targetingKey: "alice" }), [false, decided("off", "DISABLED")]);
  assert.deepEqual(await ask("noted", {}), [true, decided("on", "STATIC", flags.noted.metadata)]);
  assert.deepEqual(await ask("half", {}), failed("TARGETING_KEY_MISSING"));
  assert.deepEqual(await ask("broken", { targetingKey: "alice" }), failed("PARSE_ERROR"));
  assert.deepEqual(await ask("missing", { targetingKey: "alice" }), failed("FLAG_NOT_FOUND"));
  assert.deepEqual(await ask("nested", { account: throwing }), failed("INVALID_CONTEXT"));
});

test("a structured flag may be a list; a default of null asks for either", async () => {
  const variants = { on: [1, { a: 2 }], off: {}, text: "x" };
  const client = await clientFor({
    flags: {
      list: serving({ variants }),
      object: serving({ variants, onVariant: "off" }),
      text: serving({ variants, onVariant: "text" }),
    },
  });
  assert.deepEqual(await client.getObjectValue("list", []), [1, { a: 2 }]);
  assert.deepEqual(await client.getObjectValue("list", null), [1, { a: 2 }]);
  assert.deepEqual(await client.getObjectValue("object", null), {});
  assert.equal((await client.getObjectDetails("list", {})).errorCode, "TYPE_MISMATCH");
  const text = await client.getObjectDetails("text", null);
  assert.deepEqual([text.value, text.errorCode], [null, "TYPE_MISMATCH"]);
});

test("what a load changed is told to every provider of the engine, until it is closed", async () => {
  const on = serving({});
  const engine = await createEngine({ snapshot: { revision: 1, flags: { a: on, b: on, c: on } } });
  const [one, other] = [
    await clientOf(new PointsmanProvider({ engine })),
    await clientOf(new PointsmanProvider({ engine })),
  ];
  assert.deepEqual(one.heard, [["PROVIDER_READY", undefined]]);
  one.heard.length = other.heard.length = 0;

  const next = { revision: 2, flags: { b: { enabled: false }, c: on, d: on, e: { enabled: 1 } } };
  assert.equal(engine.load(next).revision, 2);
  engine.load(next);
  const [[type, flagsChanged], ...more] = one.heard;
  assert.deepEqual([type, flagsChanged.toSorted(), more], ["PROVIDER_CONFIGURATION_CHANGED", ["a", "b", "d", "e"], []]);
  assert.deepEqual(other.heard, one.heard);
  assert.equal(await one.client.getBooleanValue("b", true, {}), false);

  await OpenFeature.setProviderAndWait(
    one.domain,
    new PointsmanProvider({ engine: await createEngine({ snapshot: {} }) }),
  );
  one.heard.length = other.heard.length = 0;
  const sound = { b: next.flags.b, c: on, d: on };
  engine.load({ revision: 3, flags: sound });
  assert.deepEqual(other.heard.splice(0), [["PROVIDER_CONFIGURATION_CHANGED", ["e"]]]);
  engine.load({ revision: 4, flags: sound, segments: { s: { attribute: "a", op: "exists" } } });
  assert.deepEqual(one.heard, []);
  assert.deepEqual(
    other.heard,
    [["PROVIDER_CONFIGURATION_CHANGED", undefined]],
    "any flag may have changed: none is named",
  );
});

test("a refused snapshot makes the provider stale, and the next good word ready", async () => {
  const engine = await createEngine({ snapshot: { revision: 1, flags: { a: serving({}) } } });
  const { client, heard } = await clientOf(new PointsmanProvider({ engine }));
  heard.length = 0;
  for (const bad of ["{", "[]", '{"revision":0}']) assert.throws(() => engine.load(bad), { name: "PointsmanError" });
  assert.deepEqual([heard.map(([type]) => type), client.providerStatus], [["PROVIDER_STALE"], "STALE"]);
  assert.match(heard[0][1], /refused: 1:2/);
  assert.equal(await client.getBooleanValue("a", false), true, "the last good one is served");
  engine.confirm();
  assert.deepEqual([heard.at(-1)[0], client.providerStatus], ["PROVIDER_READY", "READY"]);
  assert.throws(() => engine.load("{"));
  engine.load({ revision: 2, flags: {} });
  const types = heard.map(([type]) => type);
  assert.deepEqual(types.slice(2), ["PROVIDER_STALE", "PROVIDER_READY", "PROVIDER_CONFIGURATION_CHANGED"]);
});

test("a live engine: an error before its first snapshot, ready with it, stale while its source can't be read", async () => {
  const source = {
    text: null,
    async read() {
      if (source.text === "down") throw new Error("the store is down");
      return source.text;
    },
  };
  const kept = [];
  const engine = liveEngine({
    source,
    create: (snapshot) => createEngine({ snapshot }),
    interval: 0,
    onError: (error) => provider.sourceFailed(error),
  });
  const provider = new PointsmanProvider({ engine, keeper: { waitUntil: (work) => void kept.push(work) } });
  const { client, heard } = await clientOf(provider);
  const ask = () => client.getBooleanDetails("a", false, {});
  const types = () => heard.splice(0).map(([type]) => type);
  const checked = async () => {
    assert.ok(kept.length > 0, "the worker is told what to wait for");
    await Promise.all(kept.splice(0));
  };

  assert.deepEqual([types(), client.providerStatus], [["PROVIDER_ERROR"], "ERROR"]);
  const early = await ask();
  assert.deepEqual(
    [early.value, early.errorCode, early.errorMessage],
    [false, "PROVIDER_NOT_READY", "there is no snapshot yet"],
  );

  source.text = '{"flags":{"a":{"enabled":true}}}';
  assert.equal((await ask()).value, true);
  assert.deepEqual([types(), client.providerStatus], [["PROVIDER_READY"], "READY"]);

  source.text = "down";
  await checked();
  await ask();
  await checked();
  assert.deepEqual([types(), client.providerStatus, (await ask()).value], [["PROVIDER_STALE"], "STALE", true]);

  source.text = '{"flags":{"a":{"enabled":false}}}';
  await checked();
  await ask();
  await checked();
  assert.deepEqual(types(), ["PROVIDER_READY", "PROVIDER_CONFIGURATION_CHANGED"]);
  assert.equal((await ask()).value, false);
  await checked();
});

test("a closed provider hears nothing of its engine, and works again when it is set again", async () => {
  const engine = await createEngine({ snapshot: { flags: {} } });
  const provider = new PointsmanProvider({ engine });
  let heard = 0;
  provider.events.addHandler(ProviderEvents.ConfigurationChanged, () => void heard++);
  const load = (key) => engine.load({ flags: { [key]: serving({}) } });
  await provider.initialize();
  load("a");
  assert.equal(heard, 1);
  await provider.onClose();
  load("b");
  assert.equal(heard, 1);
  await provider.initialize();
  load("c");
  assert.equal(heard, 2);
});

test("asked without the SDK, by a provider of several say, it gives the caller's default over an error as well", async () => {
  const provider = new PointsmanProvider({
    engine: await createEngine({ snapshot: { flags: { half: serving({ rolloutPercentage: 50 }) } } }),
  });
  const { value, variant, reason, errorCode } = await provider.resolveBooleanEvaluation("half", true, {});
  assert.deepEqual([value, variant, reason, errorCode], [true, undefined, "ERROR", "TARGETING_KEY_MISSING"]);
  for (const context of [null, undefined, "alice", []]) {
    const { value } = await provider.resolveBooleanEvaluation("half", true, context);
    assert.equal(value, true, `${context}`);
  }
});

test("tracked events reach the callback, and without one go nowhere", async () => {
  const engine = await createEngine({ snapshot: {} });
  const tracked = [];
  const { client } = await clientOf(new PointsmanProvider({ engine, track: (...event) => void tracked.push(event) }));
  client.track("checkout", { targetingKey: "alice" }, { value: 99.5, currency: "EUR" });
  assert.deepEqual(tracked, [["checkout", { targetingKey: "alice" }, { value: 99.5, currency: "EUR" }]]);
  const silent = await clientOf(new PointsmanProvider({ engine }));
  silent.client.track("checkout", {}, {});
  assert.equal(tracked.length, 1);
});
