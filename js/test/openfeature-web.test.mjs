// @ts-nocheck: some of this calls on purpose what the types forbid.
/** `pointsman/openfeature-web` through the SDK: one visitor, whose context changes while snapshots come and go. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { createEngine } from "pointsman/flags";
import { PointsmanProvider } from "pointsman/openfeature-web";
import { liveEngine } from "pointsman/router";

after(() => OpenFeature.close());

const listing = (...ids) => ({ enabled: true, rolloutPercentage: 0, whitelistUsers: ids });
const when = (condition) => ({ enabled: true, rules: [{ if: condition, serve: "on" }], rolloutPercentage: 0 });

let domains = 0;

/** A client of a provider of its own, and the events that it heard. */
async function clientOf(provider, context = {}) {
  const domain = `page-${domains++}`;
  const heard = [];
  const client = OpenFeature.getClient(domain);
  for (const type of Object.values(ProviderEvents)) {
    client.addHandler(type, ({ flagsChanged } = {}) => heard.push(flagsChanged ? [type, flagsChanged] : [type]));
  }
  heard.length = 0;
  await OpenFeature.setProviderAndWait(domain, provider, context).catch(() => {});
  return { client, heard, domain };
}

test("a new context counts from the next call on, without reconciling", async () => {
  const engine = await createEngine({ snapshot: { flags: { a: listing("alice") } } });
  const { client, heard, domain } = await clientOf(new PointsmanProvider({ engine }), { targetingKey: "alice" });
  assert.equal(client.getBooleanValue("a", false), true);
  heard.length = 0;
  const change = OpenFeature.setContext(domain, { targetingKey: "bob" });
  assert.equal(client.getBooleanValue("a", true), false);
  await change;
  assert.deepEqual([heard, client.providerStatus], [[["PROVIDER_CONTEXT_CHANGED"]], "READY"]);
  await OpenFeature.clearContext(domain);
  assert.equal(client.getBooleanValue("a", true), false);
});

test("a load tells the flags it names, and those that are decided otherwise for this visitor", async () => {
  const flags = {
    a: listing("alice"),
    b: when({ segment: "staff" }),
    c: { enabled: true, rules: [{ if: { segment: "staff" }, serve: "on" }], rolloutPercentage: 1 },
  };
  const staffIs = (...ids) => ({ staff: { attribute: "userId", op: "in", values: ids } });
  const engine = await createEngine({ snapshot: { flags, segments: staffIs("bob") } });
  const { client, heard } = await clientOf(new PointsmanProvider({ engine }), { userId: "alice" });
  heard.length = 0;
  const [CHANGED, on] = ["PROVIDER_CONFIGURATION_CHANGED", { enabled: true }];
  engine.load({ flags, segments: staffIs("carol") });
  assert.deepEqual(heard.splice(0), [[CHANGED, []]], "nothing for alice");
  engine.load({ flags, segments: staffIs("alice") });
  assert.deepEqual(heard.splice(0), [[CHANGED, ["b", "c"]]]);
  assert.equal(client.getBooleanValue("b", false), true);
  engine.load({ flags: { ...flags, d: on }, segments: staffIs("bob") });
  assert.deepEqual(heard.splice(0), [[CHANGED, ["d", "b", "c"]]]);
  engine.load({ flags: { d: on } });
  assert.deepEqual(heard.splice(0), [[CHANGED, ["a", "b", "c"]]]);
});

test("an error that comes or goes with a load is a change, though both are of the off variant", async () => {
  const flags = {
    a: { enabled: true, rules: [{ if: { segment: "s" }, rollout: { percentage: 50 } }], rolloutPercentage: 0 },
  };
  const segment = (plan) => ({ s: { attribute: "plan", op: "in", values: [plan] } });
  const engine = await createEngine({ snapshot: { flags, segments: segment("pro") } });
  const { client, heard } = await clientOf(new PointsmanProvider({ engine }), { plan: "free" });
  heard.length = 0;
  assert.equal(client.getBooleanDetails("a", true).errorCode, undefined);
  engine.load({ flags, segments: segment("free") });
  assert.equal(client.getBooleanDetails("a", true).errorCode, "TARGETING_KEY_MISSING");
  assert.deepEqual(heard, [["PROVIDER_CONFIGURATION_CHANGED", ["a"]]]);
});

test("dates count for a snapshot that asks for them later", async () => {
  const engine = await createEngine({ snapshot: {} });
  const { client } = await clientOf(new PointsmanProvider({ engine }), { since: new Date("2026-01-02") });
  engine.load({ flags: { a: when({ attribute: "since", op: "after", values: ["2026-01-01T00:00:00Z"] }) } });
  assert.equal(client.getBooleanValue("a", false), true);
});

test("a stale provider stays stale when the context changes", async () => {
  const engine = await createEngine({ snapshot: { flags: { a: listing("alice") } } });
  const { client, domain } = await clientOf(new PointsmanProvider({ engine }));
  assert.throws(() => engine.load("{"));
  assert.equal(client.providerStatus, "STALE");
  await OpenFeature.setContext(domain, { targetingKey: "alice" });
  assert.deepEqual([client.providerStatus, client.getBooleanValue("a", false)], ["STALE", true]);
  engine.confirm();
  await OpenFeature.setContext(domain, {});
  assert.equal(client.providerStatus, "READY");
});

test("one provider is not given the contexts of several domains", async () => {
  const provider = new PointsmanProvider({ engine: await createEngine({ snapshot: {} }) });
  await clientOf(provider);
  await assert.rejects(async () => OpenFeature.setProviderAndWait("another", provider), /more than one domain/);
});

test("a live engine: an error before its first snapshot, ready with it, for the context set meanwhile", async () => {
  const source = { text: null, read: async () => source.text };
  const engine = liveEngine({
    source,
    create: (snapshot) => createEngine({ snapshot }),
    interval: 0,
    onError: (error) => provider.sourceFailed(error),
  });
  const provider = new PointsmanProvider({ engine });
  const { client, heard, domain } = await clientOf(provider, { userId: "bob" });
  const ask = () => client.getBooleanDetails("a", false);
  assert.deepEqual([heard.splice(0), client.providerStatus], [[["PROVIDER_ERROR"]], "ERROR"]);
  assert.equal(ask().errorCode, "PROVIDER_NOT_READY");
  await OpenFeature.setContext(domain, { userId: "alice" });
  assert.equal(client.providerStatus, "ERROR", "another context makes no snapshot");

  source.text = JSON.stringify({ flags: { a: listing("alice") } });
  await until(() => ask().value);
  assert.deepEqual([heard.splice(0).at(-1), client.providerStatus], [["PROVIDER_READY"], "READY"]);

  source.text = "{";
  await until(() => ask().value && client.providerStatus === "STALE");
  source.text = JSON.stringify({ flags: { a: listing("bob") } });
  await until(() => !ask().value);
  assert.equal(client.providerStatus, "READY");
  const types = heard.map(([type]) => type);
  assert.deepEqual(types, ["PROVIDER_STALE", "PROVIDER_READY", "PROVIDER_CONFIGURATION_CHANGED"]);
});

test("tracked events reach the callback with the visitor's context", async () => {
  const tracked = [];
  const track = (...event) => void tracked.push(event);
  const provider = new PointsmanProvider({ engine: await createEngine({ snapshot: {} }), track });
  const { client } = await clientOf(provider, { userId: "alice" });
  client.track("checkout", { value: 3 });
  assert.deepEqual(tracked, [["checkout", { userId: "alice" }, { value: 3 }]]);
});

/** Until something holds that is going on in the background. */
async function until(holds) {
  for (let turns = 0; !holds(); turns++) {
    assert.ok(turns < 1_000, "it never held");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
