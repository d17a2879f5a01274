// @ts-nocheck: bodies are read as they come.
/** `pointsman/ofrep`: each answer of the OpenAPI description, over HTTP, and what hostile requests get. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents } from "@openfeature/web-sdk";
import { createEngine } from "pointsman";
import { createOfrepHandler } from "pointsman/ofrep";
import { liveEngine } from "pointsman/router";
import { serve } from "./ofrep-server.mjs";

const stops = [];
after(async () => {
  await OpenFeature.close();
  for (const stop of stops) await stop();
});

const BULK = "/ofrep/v1/evaluate/flags";
const listing = (...ids) => ({ enabled: true, rolloutPercentage: 0, whitelistUsers: ids });
const snapshot = {
  flags: {
    a: listing("alice"),
    broken: { enabled: true, rolloutPercentage: 150 },
    half: { enabled: true, rolloutPercentage: 50 },
    local: {
      enabled: true,
      rules: [{ if: { attribute: "request.country", op: "in", values: ["DE"] }, serve: "on" }],
      rolloutPercentage: 0,
    },
    "süß/50 %": { enabled: true, variants: { on: { a: [1] }, off: {} }, metadata: { owner: "shop" } },
  },
};

async function start(options) {
  const { url, seen, stop } = await serve(createOfrepHandler(options));
  stops.push(stop);
  const ask = (path, body = {}, headers = {}) =>
    fetch(url + path, { method: "POST", headers, body: typeof body === "object" ? JSON.stringify(body) : body });
  return { url, seen, ask };
}

const engine = await createEngine({ snapshot });
const { url, ask } = await start({ engine });

const answerTo = async (path, body) => {
  const response = await ask(path, body);
  assert.equal(response.headers.get("content-type"), "application/json");
  return [response.status, await response.json()];
};

const alice = { context: { targetingKey: "alice" } };

test("one flag: its value, its reason, its variant; metadata where there is any", async () => {
  const on = { key: "a", value: true, reason: "TARGETING_MATCH", variant: "on" };
  assert.deepEqual(await answerTo(`${BULK}/a`, alice), [200, on]);
  const off = { key: "a", value: false, reason: "SPLIT", variant: "off" };
  assert.deepEqual(await answerTo(`${BULK}/a`, { context: { targetingKey: "bob" } }), [200, off]);
  const rest = { value: { a: [1] }, reason: "STATIC", variant: "on", metadata: { owner: "shop" } };
  assert.deepEqual(await answerTo(`${BULK}/s%C3%BC%C3%9F%2F50%20%25`), [200, { key: "süß/50 %", ...rest }]);
});

const failures = [
  ["an unknown flag", "/missing", {}, 404, "FLAG_NOT_FOUND"],
  ["no flag's name", "/", {}, 404, "FLAG_NOT_FOUND"],
  ["a name that can't be decoded", "/%ff%", {}, 404, "FLAG_NOT_FOUND"],
  ["an inherited name", "/constructor", {}, 404, "FLAG_NOT_FOUND"],
  ["a broken flag", "/broken", {}, 400, "PARSE_ERROR"],
  ["no id", "/half", { context: {} }, 400, "TARGETING_KEY_MISSING"],
  ["no context", "/half", {}, 400, "TARGETING_KEY_MISSING"],
  ["an id that is too long", "/half", { context: { targetingKey: "x".repeat(50_000) } }, 400, "INVALID_CONTEXT"],
  ["a context of null", "/a", { context: null }, 400, "INVALID_CONTEXT"],
  ["a list as context", "/a", { context: [] }, 400, "INVALID_CONTEXT"],
  ["a text as context", "/a", { context: "alice" }, 400, "INVALID_CONTEXT"],
  ["what is no JSON", "/a", "{", 400, "PARSE_ERROR"],
  ["what is no UTF-8", "/a", Buffer.from('{"context":{"userId":"\xff"}}', "latin1"), 400, "PARSE_ERROR"],
  ["an empty body", "/a", "", 400, "PARSE_ERROR"],
  ["a list as body", "/a", "[]", 400, "PARSE_ERROR"],
  ["null as body", "/a", "null", 400, "PARSE_ERROR"],
  ["deep nesting", "/a", "[".repeat(60_000), 400, "PARSE_ERROR"],
  ["too long a body", "/a", `{"context":{"x":"${"x".repeat(65_536)}"}}`, 413, "PARSE_ERROR"],
];

for (const [what, path, body, status, errorCode] of failures) {
  test(`${what}: ${status} ${errorCode}`, async () => {
    const bytes = body instanceof Uint8Array;
    const response = await fetch(url + BULK + path, { method: "POST", body: bytes || typeof body === "string" ? body : JSON.stringify(body) }); // prettier-ignore
    const { key, errorCode: told, errorDetails, ...more } = await response.json();
    assert.deepEqual([response.status, told], [status, errorCode]);
    assert.ok(errorDetails.length > 0);
    assert.deepEqual(more, {}, "no value: the caller's default counts");
    assert.equal(key, path === "/%ff%" ? "%ff%" : path.slice(1));
    if (path !== "/a") return;
    const bulk = await fetch(url + BULK, { method: "POST", body: bytes || typeof body === "string" ? body : JSON.stringify(body) }); // prettier-ignore
    const failure = await bulk.json();
    assert.deepEqual(
      [bulk.status, failure],
      [status, { errorCode, errorDetails }],
      "and the same without a key for all",
    );
  });
}

test("a body without end is not read to its end", async () => {
  let sent = 0;
  const body = new ReadableStream({
    pull(controller) {
      sent++;
      controller.enqueue(new Uint8Array(4_096).fill(0x20));
    },
  });
  const handler = createOfrepHandler({ engine, maxBodyBytes: 10_000 });
  const request = new Request(`http://localhost${BULK}`, { method: "POST", body, duplex: "half" });
  assert.equal((await handler(request)).status, 413);
  assert.ok(sent < 6, `${sent} parts`);
  const longest = `${JSON.stringify(alice).padEnd(10_000)}`;
  const answer = await handler(new Request(`http://localhost${BULK}/a`, { method: "POST", body: longest }));
  assert.equal(answer.status, 200);
});

test("all flags, each with its value or its error", async () => {
  const [status, { flags, ...more }] = await answerTo(BULK, alice);
  assert.deepEqual([status, more], [200, {}]);
  assert.deepEqual(flags.map(({ key }) => key).toSorted(), Object.keys(snapshot.flags).toSorted());
  const byKey = Object.fromEntries(flags.map(({ key, ...answer }) => [key, answer]));
  assert.deepEqual(byKey.a, { value: true, reason: "TARGETING_MATCH", variant: "on" });
  assert.equal(byKey.broken.errorCode, "PARSE_ERROR");
  assert.ok(!("value" in byKey.broken));
});

test("to browsers, flags for servers alone and broken ones are not there; to servers they are", async () => {
  const flags = {
    open: { enabled: true },
    secret: { enabled: true, serverOnly: true },
    "secret-half": { enabled: true, serverOnly: true, rolloutPercentage: 50 },
    broken: { enabled: "yes" },
  };
  const guarded = await createEngine({ snapshot: { flags } });
  for (const [forBrowsers, shown] of [
    [true, ["open"]],
    [false, Object.keys(flags)],
    [undefined, Object.keys(flags)],
  ]) {
    const { ask } = await start({ engine: guarded, forBrowsers });
    const all = await (await ask(BULK)).json();
    assert.deepEqual(all.flags.map(({ key }) => key).toSorted(), shown.toSorted());
    for (const key of Object.keys(flags)) assert.equal((await ask(`${BULK}/${key}`)).status === 404, !shown.includes(key)); // prettier-ignore
    if (!forBrowsers) continue;
    const told = async (key) => (await (await ask(`${BULK}/${key}`)).text()).replaceAll(key, "KEY");
    for (const key of ["secret", "secret-half", "broken"]) assert.equal(await told(key), await told("nowhere"));
  }
});

test("nobody gets in by what only the platform may say", async () => {
  for (const context of [{ "request.country": "DE" }, { request: { country: "DE" } }]) {
    const [status, { value }] = await answerTo(`${BULK}/local`, { context });
    assert.deepEqual([status, value], [200, false]);
  }
});

test("other paths are left to the caller, other methods refused", async () => {
  const handler = createOfrepHandler({ engine });
  for (const path of [
    "/",
    "/ofrep/v1/evaluate/flagsx",
    "/ofrep/v1/evaluate/flags/a/b",
    "/x/ofrep/v1/evaluate/flags",
    "/ofrep/v1/configuration",
  ]) {
    assert.equal(await handler(new Request(`http://localhost${path}`, { method: "POST", body: "{}" })), null, path);
  }
  for (const method of ["GET", "PUT", "OPTIONS"]) {
    const response = await fetch(url + BULK, { method });
    assert.deepEqual([response.status, response.headers.get("allow")], [405, "POST"]);
  }
});

test("a tag stands for the answer: the same visitor, snapshot, orders and time have it, another of these has not", async () => {
  const clock = { now: Date.parse("2026-01-01T00:00:00Z") };
  const timed = { enabled: true, rollout: { schedule: [{ at: "2026-01-01T01:00:00Z", percentage: 100 }] } };
  const guard = { errorRate: { max: 0.01 } };
  const guarded = { enabled: true, rollout: { percentage: 100 }, guard };
  const flags = { a: listing("alice"), timed, guarded };
  const other = await createEngine({ snapshot: { revision: 1, flags }, clock: () => clock.now });
  const { ask } = await start({ engine: other });
  const tagFor = async (context, headers) => {
    const response = await ask(BULK, { context }, headers);
    await response.arrayBuffer();
    return [response.status, response.headers.get("etag")];
  };
  const visitor = { targetingKey: "alice" };
  const [status, tag] = await tagFor(visitor);
  assert.equal(status, 200);
  assert.match(tag, /^"[0-9a-f]{32}"$/);
  for (const known of [tag, `W/${tag}`, `"x", ${tag}`, "*"]) {
    assert.deepEqual(await tagFor(visitor, { "if-none-match": known }), [304, tag], known);
  }
  for (const known of ['"x"', tag.slice(1, -1), ""]) {
    assert.deepEqual(await tagFor(visitor, { "if-none-match": known }), [200, tag], known);
  }
  const [, nobody] = await tagFor({});
  assert.notEqual(nobody, tag, "another visitor");
  clock.now += 3_600_000;
  const [, later] = await tagFor(visitor);
  assert.notEqual(later, tag, "an hour later");
  other.apply([{ flag: "guarded", variant: "on", generation: 0, action: "rollback", at: clock.now }]);
  const [, withdrawn] = await tagFor(visitor);
  assert.notEqual(withdrawn, later, "a guard's order");
  other.load({ revision: 2, flags: { ...flags, more: { enabled: true } } });
  const [, reloaded] = await tagFor(visitor);
  assert.notEqual(reloaded, withdrawn, "another snapshot");
  other.load({ revision: 3, flags: { ...flags, more: { enabled: true } } });
  assert.deepEqual(
    await tagFor(visitor, { "if-none-match": reloaded }),
    [304, reloaded],
    "other bytes, the same answers",
  );
});

test("without a snapshot yet it is a general error, later an answer", async () => {
  const source = { text: null, read: async () => source.text };
  const create = (text) => createEngine({ snapshot: text });
  const { ask } = await start({ engine: liveEngine({ source, create, interval: 0 }) });
  const told = { errorCode: "GENERAL", errorDetails: "there is no snapshot yet" };
  const [one, all] = [await ask(`${BULK}/a`, alice), await ask(BULK, alice)];
  assert.deepEqual([one.status, await one.json()], [500, { key: "a", ...told }]);
  assert.deepEqual([all.status, await all.json()], [500, told]);
  source.text = JSON.stringify(snapshot);
  assert.equal((await ask(`${BULK}/a`, alice)).status, 200);
});

test("an engine that can't tell the time fails what depends on it: 500", async () => {
  const timed = { enabled: true, rollout: { schedule: [{ at: "2026-01-01T01:00:00Z", percentage: 50 }] } };
  const timeless = await createEngine({ snapshot: { flags: { timed } }, clock: () => NaN });
  const { ask } = await start({ engine: timeless });
  const response = await ask(`${BULK}/timed`, alice);
  const { key, errorCode } = await response.json();
  assert.deepEqual([response.status, key, errorCode], [500, "timed", "GENERAL"]);
});

test("OFREP's provider for pages polls by tag, and sees a change", async () => {
  const followed = await createEngine({ snapshot: { flags: { a: listing() } } });
  const { url: baseUrl, seen } = await start({ engine: followed });
  const provider = new OFREPWebProvider({ baseUrl, pollInterval: 20, cacheMode: "disabled" });
  await OpenFeature.setProviderAndWait("polls", provider, { targetingKey: "alice" });
  const client = OpenFeature.getClient("polls");
  assert.equal(client.getBooleanValue("a", true), false);
  while (!seen.some(({ status }) => status === 304)) await new Promise((resolve) => setTimeout(resolve, 5));
  const change = new Promise((resolve) => client.addHandler(ProviderEvents.ConfigurationChanged, resolve));
  followed.load({ flags: { a: listing("alice") } });
  assert.deepEqual((await change).flagsChanged, ["a"]);
  assert.equal(client.getBooleanValue("a", false), true);
});
