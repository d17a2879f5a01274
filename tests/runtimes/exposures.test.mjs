// Exposures of a router, in a real workerd and in Node, and of a page that is left: they arrive, and nobody waits for them.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createExposures, sendTo } from "../../js/dist/exposure.js";
import { createEngine } from "../../js/dist/node.js";
import { createRouter } from "../../js/dist/router.js";
import { launch, serve } from "./cases/browser.mjs";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { closedPort, startOrigin } from "./router/origin.mjs";

/** @typedef {import("../../js/dist/exposure.js").Exposure} Exposure */

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/origin.mjs").Origin} */
let canary;
/** @type {import("./router/origin.mjs").Origin} */
let collector;
/** @type {Exposure[]} */
let got = [];

before(async () => {
  [stable, canary, collector] = await Promise.all(["stable", "canary", "collector"].map(startOrigin));
  collector.on("/", async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (body !== "") got.push(...JSON.parse(body));
    // A page of another origin asks first whether it may.
    response.writeHead(204, { "access-control-allow-origin": "*", "access-control-allow-headers": "*" }).end();
  });
});
beforeEach(() => void (got = []));
after(() => Promise.all([stable, canary, collector].map((origin) => origin?.close())));

/** When faults end. */
const LATER = "2099-01-01T00:00:00Z";
/** @param {string} canaryUrl */
const snapshotOf = (canaryUrl) => ({
  flags: {
    release: { enabled: true, rolloutPercentage: 50, whitelistUsers: ["tester"] },
    missing: { enabled: true, rolloutPercentage: 50 },
  },
  backends: { stable: { origin: stable.url }, canary: { origin: canaryUrl } },
  routes: [
    { name: "shop", match: { path: "/shop/*" }, flag: "release", backends: { on: "canary", off: "stable" }, fallback: "stable", visitor: { cookie: "vid", maxAge: "30d" } }, // prettier-ignore
    { name: "part", match: { path: "/part/*" }, flag: "missing", backends: { off: "stable" }, fallback: "stable" },
    { name: "chaos", match: { path: "/chaos/*" }, flag: "release", backends: { on: "canary", off: "stable" }, fallback: "stable", faults: [{ name: "abort", percentage: 100, until: LATER, abort: { status: 503 } }] }, // prettier-ignore
    { name: "fixed", match: { path: "/fixed/*" }, backend: "stable", fallback: "stable" },
  ],
});

/** @param {object} options */
const nodeRouter = (options) => createRouter({ engine: () => createEngine({ snapshot: snapshotOf(canary.url) }), onError() {}, ...options }); // prettier-ignore

test("in Node: who was served which variant, by the id that decided; no fallback, no fault, no fixed backend", async () => {
  const exposures = createExposures({ send: sendTo(collector.url) });
  const router = nodeRouter({ exposures, context: (/** @type {Request} */ { headers }) => ({ userId: headers.get("uid") ?? undefined }) }); // prettier-ignore
  const ask = (/** @type {string} */ path, /** @type {Record<string, string>} */ headers) =>
    router.fetch(new Request(`https://shop.example${path}`, { headers }));
  /** @type {[string, string | null][]} */
  const served = [];
  for (let i = 0; i < 10; i++) served.push([`u${i}`, (await ask("/shop/", { uid: `u${i}` })).headers.get("x-origin")]);
  served.push(["v1", (await ask("/shop/", { cookie: "vid=v1" })).headers.get("x-origin")]);
  const fresh = await ask("/shop/", { "sec-fetch-mode": "navigate" });
  const [, freshId] = /vid=([^;]+)/.exec(fresh.headers.get("set-cookie") ?? "") ?? [];
  served.push([String(freshId), fresh.headers.get("x-origin")]);
  for (const path of ["/shop/", "/shop/image.png", "/chaos/", "/part/", "/fixed/"]) await ask(path, { uid: "tester" });
  for (let i = 0; i < 10; i++) await ask("/chaos/", { uid: `c${i}` });
  await exposures.flush();
  assert.deepEqual(got.map(({ unit, backend }) => [unit, backend]), served); // prettier-ignore
  assert.deepEqual(new Set(got.map(({ route, flagKey }) => `${route} ${flagKey}`)), new Set(["shop release"]));
  assert.deepEqual(new Set(got.map(({ variant, backend }) => `${variant} ${backend}`)), new Set(["on canary", "off stable"])); // prettier-ignore
  got = [];
  for (let i = 0; i < 10; i++) await ask("/part/", { uid: `u${i}` });
  await exposures.flush();
  assert.ok(got.length > 0 && got.length < 10, `${got.length} of 10`);
  assert.deepEqual(new Set(got.map(({ variant }) => variant)), new Set(["off"]));
});

test("in Node: a canary that can't be reached, and was answered for by the fallback, has not been seen", async () => {
  const exposures = createExposures({ send: sendTo(collector.url) });
  const snapshot = snapshotOf(`http://127.0.0.1:${await closedPort()}`);
  const router = nodeRouter({ engine: await createEngine({ snapshot }), exposures, context: (/** @type {Request} */ { headers }) => ({ userId: headers.get("uid") }) }); // prettier-ignore
  for (let i = 0; i < 10; i++) {
    const answer = await router.fetch(new Request("https://shop.example/shop/", { headers: { uid: `u${i}` } }));
    assert.equal(answer.headers.get("x-origin"), "stable");
  }
  await exposures.flush();
  assert.ok(got.length > 0 && got.length < 10, `${got.length} of 10`);
  assert.ok(got.every(({ variant }) => variant === "off"));
});

test("in workerd: they arrive after the answers, with the last request gone; what a worker shows by itself, too", async () => {
  const edge = await startEdge("exposure-worker.mjs", { COLLECTOR: collector.url });
  try {
    await edge.put(snapshotOf(canary.url));
    await until(async () => (await send(`${edge.url}/fixed/`)).status, (status) => status === 200); // prettier-ignore
    /** @type {[string, unknown][]} */
    const served = [];
    for (let i = 0; i < 6; i++) {
      const answer = await send(`${edge.url}/shop/`, { headers: { cookie: `uid=w${i}` } });
      served.push([`w${i}`, answer.headers["x-origin"]]);
    }
    await until(async () => got.length, (length) => length === 6, 5_000); // prettier-ignore
    assert.deepEqual(got.map(({ unit, backend }) => [unit, backend]), served); // prettier-ignore
    const { text } = await send(`${edge.url}/own`, { headers: { cookie: "uid=w1" } });
    await until(async () => got.length, (length) => length === 7, 5_000); // prettier-ignore
    assert.deepEqual([got[6].flagKey, got[6].variant], ["button", text === "true" ? "on" : "off"]);
    // The collector has it a moment before the worker knows.
    const counts = await until(async () => JSON.parse((await send(`${edge.url}/counts`)).text), ({ sent }) => sent === 7, 5_000); // prettier-ignore
    assert.deepEqual(counts, { sent: 7, dropped: 0, pending: 0 });
    assert.equal(edge.log(), "");
  } finally {
    await edge.stop();
  }
});

test("in workerd: a collector that hangs keeps no answer, and after it the next batch arrives", async () => {
  const slow = await startOrigin("slow");
  slow.on("/", () => {});
  const edge = await startEdge("exposure-worker.mjs", { COLLECTOR: slow.url });
  try {
    await edge.put(snapshotOf(canary.url));
    await until(async () => (await send(`${edge.url}/fixed/`)).status, (status) => status === 200); // prettier-ignore
    await send(`${edge.url}/shop/`, { headers: { cookie: "uid=s0" } });
    await until(async () => slow.seen.length, (length) => length === 1, 5_000); // prettier-ignore
    const answer = await send(`${edge.url}/shop/`, { headers: { cookie: "uid=s1" } });
    assert.equal(answer.status, 200);
    // The one that hangs is sent no second time yet: this answer was there before the attempt's five seconds were over.
    assert.equal(slow.seen.length, 1);
    slow.on("/", (_, response) => void response.writeHead(204).end());
    await until(async () => JSON.parse((await send(`${edge.url}/counts`)).text), ({ sent }) => sent === 2, 20_000); // prettier-ignore
  } finally {
    await edge.stop();
    await slow.close();
  }
});

test("in headless Chromium: what a page has recorded arrives when the page is left", async () => {
  const browser = await launch();
  const site = await serve();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}tests/runtimes/exposure-page.html#${collector.url}`);
    await page.waitForFunction("document.body.dataset.recorded === 'yes'");
    assert.equal(got.length, 0);
    await page.goto("about:blank");
    await until(async () => got.length, (length) => length === 1, 5_000); // prettier-ignore
    assert.deepEqual([got[0].flagKey, got[0].unit], ["button", "reader"]);
    // Where a browser tells of no change of visibility.
    await page.goto(`${site.url}tests/runtimes/exposure-page.html#${collector.url}`);
    await page.waitForFunction("document.body.dataset.recorded === 'yes'");
    await page.evaluate("dispatchEvent(new Event('pagehide'))");
    await until(async () => got.length, (length) => length === 2, 5_000); // prettier-ignore
  } finally {
    await browser.close();
    site.close();
  }
});
