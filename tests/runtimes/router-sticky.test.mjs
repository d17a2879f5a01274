// A visitor without a name stays in their arm by the id in a cookie alone, and leaves it when they must. In a real workerd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { createRouter } from "../../js/dist/router.js";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/origin.mjs").Origin} */
let canary;
/** @type {import("./router/edge.mjs").Edge} */
let edge;

const consent = { attribute: "request.cookie.consent", op: "in", values: ["yes"] };

/** @param {object} flag @param {number} revision @param {object} visitor */
const snapshotOf = (flag, revision, visitor = {}) => ({
  revision,
  flags: { release: { enabled: true, rolloutPercentage: 25, guard: {}, ...flag } },
  backends: { stable: { origin: stable.url }, canary: { origin: canary.url } },
  routes: [
    {
      name: "shop",
      match: { path: "/shop/*" },
      flag: "release",
      backends: { on: "canary", off: "stable" },
      fallback: "stable",
      visitor: { cookie: "vid", maxAge: "30d", ...visitor },
    },
    {
      name: "asked",
      match: { path: "/asked/*" },
      flag: "release",
      backends: { on: "canary", off: "stable" },
      fallback: "stable",
      visitor: { cookie: "vid", maxAge: "30d", consent },
    },
  ],
});

before(async () => {
  [stable, canary] = await Promise.all([startOrigin("stable"), startOrigin("canary")]);
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  await edge.put(snapshotOf({}, 1));
  await until(async () => (await send(`${edge.url}/shop/`)).status, (status) => status === 200); // prettier-ignore
});
after(async () => {
  await edge?.stop();
  await Promise.all([stable, canary].map((origin) => origin?.close()));
});

/** Where a visitor is, by the cookie alone. @param {string} cookie @param {string} [path] */
async function armOf(cookie, path = "/shop/") {
  const answer = await send(edge.url + path, { headers: { cookie } });
  assert.deepEqual(answer.setCookie, [], "an id that is there is not set again");
  return String(answer.headers["x-origin"]);
}

/** A new visitor's first request. */
async function arrive() {
  const answer = await send(`${edge.url}/shop/`, { headers: { "sec-fetch-mode": "navigate" } });
  const [cookie = ""] = String(answer.setCookie[0]).split(";");
  assert.match(cookie, /^vid=[\w-]{36}$/);
  return { cookie, arm: String(answer.headers["x-origin"]) };
}

test("50 requests with only the id cookie reach the arm of the first one, which set it", async () => {
  const visitors = await Promise.all(Array.from({ length: 40 }, arrive));
  const arms = new Set(visitors.map(({ arm }) => arm));
  assert.deepEqual([...arms].toSorted(), ["canary", "stable"], "both arms are among forty visitors");
  assert.equal(new Set(visitors.map(({ cookie }) => cookie)).size, 40);
  for (const { cookie, arm } of visitors.slice(0, 8)) {
    const reached = await Promise.all(Array.from({ length: 50 }, (_, number) => armOf(cookie, `/shop/${number}`)));
    assert.deepEqual(new Set(reached), new Set([arm]));
  }
});

test("what a page loads beside it mints no id: neither with nor without the cookie", async () => {
  const modes = ["no-cors", "cors", "same-origin", "websocket"];
  const ask = (/** @type {object} */ headers) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        send(`${edge.url}/shop/${i}.js`, { headers: { "sec-fetch-mode": modes[i % 4], ...headers } }),
      ),
    );
  for (const answer of await ask({})) assert.deepEqual(answer.setCookie, []);
  const { cookie, arm } = await arrive();
  for (const answer of await ask({ cookie })) {
    assert.deepEqual([answer.setCookie, answer.headers["x-origin"]], [[], arm]);
  }
});

test("no consent, no cookie and no id; with it both", async () => {
  for (const cookie of ["", "consent=no", "consent=", "vid=v-1"]) {
    const answer = await send(`${edge.url}/asked/`, { headers: { cookie } });
    assert.deepEqual([answer.setCookie, answer.headers["x-origin"]], [[], "stable"], cookie);
    assert.match(String(answer.headers.pointsman), /TARGETING_KEY_MISSING/);
  }
  const answer = await send(`${edge.url}/asked/`, { headers: { cookie: "consent=yes" } });
  assert.match(String(answer.setCookie[0]), /^vid=/);
  const again = await send(`${edge.url}/asked/`, {
    headers: { cookie: `consent=yes; ${answer.setCookie[0]?.split(";")[0]}` },
  });
  assert.deepEqual([again.setCookie, again.headers["x-origin"]], [[], answer.headers["x-origin"]]);
});

test("a growing percentage only adds; the kill switch takes everybody out at once", async () => {
  const visitors = Array.from({ length: 60 }, (_, number) => `vid=visitor-${number}`);
  const inCanary = async () => {
    const arms = await Promise.all(visitors.map((cookie) => armOf(cookie)));
    return new Set(visitors.filter((_, number) => arms[number] === "canary"));
  };
  let before = await inCanary();
  assert.ok(before.size > 5 && before.size < 30, `${before.size} of 60`);
  for (const [percentage, revision] of [
    [50, 2],
    [75, 3],
    [100, 4],
  ]) {
    await edge.put(snapshotOf({ rolloutPercentage: percentage }, Number(revision)));
    await until(inCanary, (now) => now.size > before.size);
    // The first to see it may have been alone with it.
    const now = await inCanary();
    assert.ok([...before].every((cookie) => now.has(cookie)), `at ${percentage} %`); // prettier-ignore
    before = now;
  }
  assert.equal(before.size, 60);
  await edge.put(snapshotOf({ rolloutPercentage: 100, enabled: false }, 5));
  await until(inCanary, (now) => now.size === 0);
});

test("a rollback takes a visitor out with the next request, and the cookie stays", async () => {
  const engine = await createEngine({ snapshot: snapshotOf({ rolloutPercentage: 100 }, 1) });
  const router = createRouter({ engine });
  const visit = async () => {
    const headers = { cookie: "vid=visitor-1" };
    const answer = await router.fetch(new Request("https://shop.example/shop/", { headers }));
    await answer.text();
    return [answer.headers.get("x-origin"), answer.headers.get("set-cookie")];
  };
  assert.deepEqual(await visit(), ["canary", null]);
  engine.apply([{ flag: "release", variant: "on", generation: 0, action: "rollback", at: Date.now() }]);
  assert.deepEqual(await visit(), ["stable", null]);
});
