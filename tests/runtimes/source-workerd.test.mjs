// A snapshot over HTTP, and its copy in the Cache API, in a real workerd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { send, until } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";

/** @typedef {import("./router/origin.mjs").Origin} Origin */
/** @type {Origin} */
let stable;
/** @type {Origin} */
let canary;
/** @type {Origin} */
let store;
/** @type {import("./router/edge.mjs").Edge} */
let edge;
/** Statuses by which the store answered. @type {number[]} */
const told = [];

before(async () => {
  [stable, canary, store] = await Promise.all(["stable", "canary", "store"].map(startOrigin));
  serves(1, 0);
  edge = await startEdge("cached-worker.mjs", { STORE: store.url });
});
after(() => Promise.all([edge.stop(), stable.close(), canary.close(), store.close()]));

/** @param {number} revision @param {number} rolloutPercentage */
function serves(revision, rolloutPercentage) {
  const text = JSON.stringify({
    revision,
    ...snapshotOf({ stable: stable.url, canary: canary.url }, { rolloutPercentage }),
  });
  const etag = `"${revision}"`;
  store.on("/", ({ headers }, response) => {
    const status = headers["if-none-match"] === etag ? 304 : 200;
    told.push(status);
    response.writeHead(status, { etag }).end(status === 200 ? text : undefined);
  });
}

/** @param {string} isolate */
const ask = async (isolate) => {
  const { headers } = await send(`${edge.url}/shop/a`, { headers: { "x-isolate": isolate } });
  const { revision, age, backend } = parseDictionary(String(headers.pointsman));
  return { revision, age, backend };
};
/** @param {string} isolate @param {number} revision */
const reaches = (isolate, revision) => until(() => ask(isolate), (answer) => answer.revision === revision, 5_000); // prettier-ignore

test("unchanged is a 304, and what is new is served", async () => {
  assert.deepEqual(await ask("a"), { revision: 1, age: 0, backend: "stable" });
  await until(async () => (await ask("a"), told), (statuses) => statuses.filter((status) => status === 304).length >= 3); // prettier-ignore
  assert.deepEqual(new Set(told.slice(1)), new Set([304]));
  serves(2, 100);
  assert.equal((await reaches("a", 2)).backend, "canary");
});

for (const [what, trouble, error] of /** @type {[string, Parameters<Origin["on"]>[1], RegExp][]} */ ([
  ["redirects", (_, response) => response.writeHead(302, { location: "/elsewhere" }).end(), /answered 302/],
  ["fails", (_, response) => response.writeHead(500).end(), /answered 500/],
  ["answers with HTML", (_, response) => response.end("<!doctype html>"), /not JSON|NOT_JSON/i],
  ["breaks off", (_, r) => r.writeHead(200, { "content-length": "999" }).write("{", () => r.destroy()), /broke off/],
  ["hangs", () => {}, /took longer than 300 ms/],
])) {
  test(`a store that ${what} leaves the last good one in use`, async () => {
    store.on("/", trouble);
    await until(async () => (await ask("a"), edge.log()), (log) => error.test(log), 5_000); // prettier-ignore
    assert.equal((await ask("a")).revision, 2);
  });
}

test("while it hangs, a cold isolate begins with the copy, and asks on", async () => {
  store.on("/", () => {});
  const { revision, age } = await ask("b");
  assert.equal(revision, 2);
  assert.ok(Number.isInteger(age), String(age));
  serves(3, 0);
  assert.equal((await reaches("b", 3)).backend, "stable");
  assert.equal((await reaches("a", 3)).backend, "stable");
});
