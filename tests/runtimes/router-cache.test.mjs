// Cache plans, with workerd's own Cache API: what was made for one arm is never given to the other.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/origin.mjs").Origin} */
let canary;
/** @type {import("./router/edge.mjs").Edge} */
let edge;
const FRESH = { "cache-control": "public, max-age=60" };

before(async () => {
  [stable, canary] = await Promise.all([startOrigin("stable"), startOrigin("canary")]);
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  const arms = { flag: "release", backends: { on: "canary", off: "stable" }, fallback: "stable" };
  const visitor = { cookie: "vid", maxAge: "1d" };
  await edge.put({
    flags: { release: { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice", "bob"] } },
    backends: { stable: { origin: stable.url }, canary: { origin: canary.url }, twin: { origin: stable.url } },
    routes: [
      { name: "twins", match: { path: "/twins/*" }, ...arms, backends: { on: "twin", off: "stable" }, cache: "split" },
      { name: "split", match: { path: "/split/*" }, ...arms, visitor, cache: "split" },
      { name: "split2", match: { path: "/other/*" }, ...arms, cache: "split" },
      { name: "private", match: { path: "/private/*" }, ...arms },
      { name: "none", match: { path: "/none/*" }, ...arms, cache: "none" },
      { name: "fixed", match: { path: "/fixed/*" }, backend: "stable", fallback: "stable" },
    ],
  });
  await until(async () => (await send(`${edge.url}/fixed/`)).status, (status) => status === 200); // prettier-ignore
});
beforeEach(() => {
  stable.seen.length = canary.seen.length = 0;
});
after(async () => {
  await edge?.stop();
  await Promise.all([stable, canary].map((origin) => origin?.close()));
});

/** Both origins answer a path so; the body tells the origin and how often it was asked. @param {string} path @param {object} headers */
function serve(path, headers = FRESH, status = 200) {
  for (const origin of [stable, canary]) {
    let asked = 0;
    origin.on(path, (_, response) => response.writeHead(status, { ...headers }).end(`${origin.name} ${++asked}`));
  }
}

/** @param {string} path @param {string} user */
const get = (path, user, headers = {}) => send(edge.url + path, { headers: { cookie: `uid=${user}`, ...headers } });

/** Until the background has stored what was just served: asks so often. @param {string} path @param {string} user */
async function warm(path, user) {
  await get(path, user);
  await sleep(100);
}

describe("a route that splits", () => {
  test("asks each origin once, and serves each arm its own", async () => {
    serve("/split/page");
    await warm("/split/page", "alice");
    await warm("/split/page", "carol");
    for (const [user, body] of [
      ["bob", "canary 1"],
      ["dave", "stable 1"],
      ["alice", "canary 1"],
      ["carol", "stable 1"],
    ]) {
      // prettier-ignore
      const answer = await get("/split/page", String(user));
      assert.deepEqual([answer.text, answer.headers["x-origin"]], [body, String(body).split(" ")[0]]);
    }
    assert.deepEqual([stable.seen.length, canary.seen.length], [1, 1]);
  });

  test("gives each visitor a cookie and a decision of their own, and says `private` to everybody, hit or not", async () => {
    serve("/split/cookie");
    const first = await get("/split/cookie", "erin");
    await sleep(100);
    const second = await get("/split/cookie", "frank");
    assert.equal(stable.seen.length, 1, "the second was a hit");
    const cookies = [first, second].map((answer) => answer.setCookie[0]?.split(";")[0]);
    assert.match(String(cookies[0]), /^vid=[\w-]{36}$/);
    assert.match(String(cookies[1]), /^vid=[\w-]{36}$/);
    assert.notEqual(cookies[0], cookies[1]);
    for (const answer of [first, second]) {
      assert.equal(answer.headers["cache-control"], "private, max-age=60");
      assert.match(String(answer.headers.pointsman), /backend="stable"/);
    }
  });

  test("asks once for each backend, even where two are one server", async () => {
    serve("/twins/page");
    for (const user of ["alice", "carol", "bob", "dave"]) await warm("/twins/page", user);
    assert.equal(stable.seen.length, 2);
  });

  test("no two routes, backends or URLs share what is kept", async () => {
    for (const path of ["/split/a", "/split/a?x=1", "/split/a%2Fb", "/other/a", "/split/..%2Fother/a"]) {
      const [pathname = ""] = path.split("?");
      serve(pathname);
      await warm(path, "alice");
      assert.equal((await get(path, "alice")).text, "canary 1", path);
    }
  });

  for (const [what, headers] of Object.entries({
    "the origin's cookie": { ...FRESH, "set-cookie": "session=1" },
    "`private`": { "cache-control": "private, max-age=60" },
    "`no-store`": { "cache-control": "no-store, max-age=60" },
    "no freshness": {},
    "a shared age of 0": { "cache-control": "max-age=60, s-maxage=0" },
    "another cache's field": { ...FRESH, "cdn-cache-control": "max-age=60" },
    "Vary: Cookie": { ...FRESH, vary: "Accept-Encoding, Cookie" },
    "Vary: *": { ...FRESH, vary: "*" },
  })) {
    test(`does not keep what has ${what}`, async () => {
      const path = `/split/${encodeURIComponent(what)}`;
      serve(new URL(path, "http://origin").pathname, headers);
      await warm(path, "alice");
      assert.equal((await get(path, "alice")).text, "canary 2");
    });
  }

  test("does not keep errors, nor serve what is kept to requests that ask for more", async () => {
    serve("/split/404", FRESH, 404);
    await warm("/split/404", "alice");
    assert.equal((await get("/split/404", "alice")).text, "canary 2");
    serve("/split/more");
    await warm("/split/more", "alice");
    let asked = 1;
    for (const headers of [
      { authorization: "Bearer x" },
      { range: "bytes=0-1" },
      { "cache-control": "no-cache" },
      { "if-none-match": "*" },
    ]) {
      // prettier-ignore
      assert.equal((await get("/split/more", "alice", headers)).text, `canary ${++asked}`);
    }
    const post = await send(`${edge.url}/split/more`, { method: "POST", headers: { cookie: "uid=alice" }, body: "x" });
    assert.equal(post.text, `canary ${asked + 1}`);
    assert.equal((await get("/split/more", "alice")).text, "canary 1", "it is still there");
  });

  test("what a retry got is not kept under the backend that failed", async () => {
    canary.on("/split/broken", (asked) => asked.socket.destroy());
    stable.on("/split/broken", (_, response) => response.writeHead(200, FRESH).end("rescued"));
    await warm("/split/broken", "alice");
    canary.on("/split/broken", (_, response) => response.writeHead(200, FRESH).end("canary"));
    assert.equal((await get("/split/broken", "alice")).text, "canary");
  });
});

describe("other plans", () => {
  test("private: nothing is kept here, and nobody in between may", async () => {
    serve("/private/a", { "cache-control": "public, max-age=60", "cdn-cache-control": "max-age=60" });
    await warm("/private/a", "alice");
    const { text, headers } = await get("/private/a", "alice");
    assert.deepEqual([text, headers["cache-control"], headers["cdn-cache-control"]], ["canary 2", "private, max-age=60", undefined]); // prettier-ignore
  });

  test("none: nobody may keep it, the browser neither", async () => {
    serve("/none/a", { ...FRESH, "surrogate-control": "max-age=60" });
    const { headers } = await get("/none/a", "alice");
    assert.deepEqual([headers["cache-control"], headers["surrogate-control"]], ["no-store", undefined]);
  });

  test("a fixed backend's response is left as it is", async () => {
    serve("/fixed/a");
    assert.equal((await get("/fixed/a", "alice")).headers["cache-control"], "public, max-age=60");
  });
});
