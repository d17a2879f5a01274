// @ts-nocheck: much of this calls on purpose what the types forbid.
/** Where requests go: what is read of them, what is handed on, and what happens when the engine can't say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "../dist/node.js";

const backends = {
  stable: { origin: "https://stable.example" },
  canary: { origin: "https://canary.example:8443" },
  rescue: { origin: "http://rescue.example" },
};
const flags = {
  // Next to nobody, but not 0 %: that would need no id.
  release: { enabled: true, rolloutPercentage: 0.0001, whitelistUsers: ["alice", "v-1"] },
  always: { enabled: true },
};
const routes = [
  { name: "api", match: { host: "shop.example", path: "/api/*", methods: ["POST"] }, backend: "stable", fallback: "rescue" }, // prettier-ignore
  { name: "cart", match: { path: "/cart" }, flag: "release", backends: { on: "canary", off: "stable" }, fallback: "rescue", visitor: { cookie: "__Host-vid", maxAge: "2h" } }, // prettier-ignore
  { name: "rest", match: { host: "shop.example" }, flag: "always", backends: { on: "canary" }, fallback: "stable" },
];
const engine = await createEngine({ snapshot: { revision: 9, flags, backends, routes } });

const request = (url, method = "GET", headers = {}) => ({ url, method, headers: new Headers(headers) });
const backendOf = (...given) => engine.route(request(...given))?.backend ?? null;

test("host, path and method choose the first route that matches", () => {
  assert.equal(backendOf("https://shop.example/api/x", "POST"), "stable");
  assert.equal(backendOf("https://SHOP.example:8080/api/", "post"), "stable");
  assert.equal(backendOf("https://shop.example/api/x"), "canary");
  assert.equal(backendOf("https://shop.example/api", "POST"), "canary");
  assert.equal(backendOf("https://other.example/cart?x=1#y"), "rescue");
  assert.equal(backendOf("https://other.example/cart/"), null);
  assert.equal(backendOf("https://other.example/"), null);
});

test("a decision says where it leads and why", () => {
  const decision = engine.route(request("https://shop.example/"), { context: {} });
  assert.deepEqual(decision, {
    route: "rest",
    backend: "canary",
    upstream: { origin: "https://canary.example:8443", pathPrefix: "", headers: {}, timeoutMs: null },
    fallbackBackend: "stable",
    fallbackUpstream: { origin: "https://stable.example", pathPrefix: "", headers: {}, timeoutMs: null },
    fallback: false,
    evaluation: engine.evaluate("always", {}),
    visitorId: null,
    setCookie: null,
    fault: null,
    cache: { plan: "private" },
    revision: 9,
  });
});

test("a visitor's id comes from the cookie, or is fresh and set for as long as the route says", () => {
  const url = "https://other.example/cart";
  const known = engine.route(request(url, "GET", { cookie: "a=b; __Host-vid=v-1" }), { freshId: "fresh" });
  assert.deepEqual([known.visitorId, known.setCookie, known.backend], ["v-1", null, "canary"]);
  const fresh = engine.route(request(url, "GET", { cookie: "a=b" }), { freshId: "v-1" });
  assert.deepEqual([fresh.visitorId, fresh.backend], ["v-1", "canary"]);
  assert.equal(fresh.setCookie, "__Host-vid=v-1; Max-Age=7200; Path=/; Secure; HttpOnly; SameSite=Lax");
});

test("no id is minted for what is no navigation, nor without a fresh id, nor from one that no cookie can hold", () => {
  const url = "https://other.example/cart";
  const image = request(url, "GET", { "sec-fetch-mode": "no-cors" });
  for (const [given, facts] of [
    [image, { freshId: "v-1" }],
    [request(url), {}],
    [request(url), undefined],
    [request(url), { freshId: "v-1; Domain=example" }],
  ]) {
    // prettier-ignore
    const { visitorId, setCookie, evaluation, fallback } = engine.route(given, facts);
    assert.deepEqual(
      [visitorId, setCookie, evaluation.errorCode, fallback],
      [null, null, "TARGETING_KEY_MISSING", true],
    );
  }
  const navigation = request(url, "GET", { "sec-fetch-mode": "navigate" });
  assert.equal(engine.route(navigation, { freshId: "v-1" }).visitorId, "v-1");
});

test("a context that can't be read takes a flag's route to its fallback, and leaves a fixed backend alone", () => {
  const bad = [null, 7, "alice", { get userId() { throw new Error("no"); } }, { userId: "x".repeat(16_385) }]; // prettier-ignore
  for (const context of bad) {
    const cart = engine.route(request("https://other.example/cart"), { context });
    assert.deepEqual([cart.backend, cart.fallback, cart.evaluation.errorCode], ["rescue", true, "INVALID_CONTEXT"]);
    const api = engine.route(request("https://shop.example/api/x", "POST"), { context });
    assert.deepEqual([api.backend, api.fallback, api.evaluation], ["stable", false, null]);
    assert.equal(engine.route(request("https://other.example/"), { context }), null);
  }
});

test("what is no request matches no route, and nothing is thrown", () => {
  for (const given of [null, {}, request("/cart"), { ...request("https://shop.example/"), headers: {} }]) {
    assert.equal(engine.route(given), null);
  }
});

test("routing and decisions in turns don't disturb each other", () => {
  const visitor = engine.context({ userId: "alice" });
  for (let turn = 0; turn < 3; turn++) {
    assert.equal(visitor.isEnabled("release"), true);
    const facts = { context: { userId: "alice" } };
    assert.equal(engine.route(request("https://other.example/cart"), facts).backend, "canary");
    assert.equal(engine.isEnabled("release", { userId: "bob" }), false);
    assert.equal(backendOf("https://other.example/cart"), "rescue");
    assert.equal(backendOf("https://other.example/cart", "GET", { cookie: "__Host-vid=v-2" }), "stable");
  }
});

test("a snapshot without routes matches nothing, and loading one changes the routes", async () => {
  const other = await createEngine({ snapshot: { flags } });
  assert.equal(other.route(request("https://shop.example/")), null);
  other.load({ flags, backends, routes: routes.slice(2) });
  assert.equal(other.route(request("https://shop.example/")).backend, "canary");
});
