// The same router in plain Node, whose `fetch` decodes bodies and makes no WebSocket handshakes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createEngine } from "../../js/dist/node.js";
import { createRouter } from "../../js/dist/router.js";
import { parseDictionary } from "./router/dictionary.mjs";
import { closedPort, startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {object} */
let snapshot;

before(async () => {
  stable = await startOrigin("stable");
  snapshot = snapshotOf({ stable: stable.url, canary: stable.url });
});
after(() => stable.close());

/** @type {unknown[]} */
const reported = [];
const onError = (error) => void reported.push(error);

/** @param {object} [options] */
const router = (options) => createRouter({ engine: () => createEngine({ snapshot }), onError, ...options });

/** @param {string} path @param {RequestInit & { duplex?: "half" }} [init] */
const to = (path, init) => new Request(`http://shop.example${path}`, init);

describe("ways to give the engine", () => {
  const make = () => createEngine({ snapshot });

  for (const [what, given] of /** @type {[string, () => any][]} */ ([
    ["made", async () => ({ engine: await make() })],
    ["promised", () => ({ engine: make() })],
    ["made in the first request", () => ({ engine: make })],
    ["live", () => ({ engine: { get: make } })],
  ])) {
    test(what, async () => {
      const answer = await router(await given()).fetch(to("/fixed/"));
      assert.equal(answer.headers.get("x-origin"), "stable");
    });
  }

  test("made once, by the first of many requests", async () => {
    let made = 0;
    const once = router({ engine: () => (made++, createEngine({ snapshot })) });
    await Promise.all(Array.from({ length: 20 }, () => once.fetch(to("/fixed/"))));
    await once.fetch(to("/fixed/"));
    assert.equal(made, 1);
  });
});

describe("without an engine", () => {
  const failing = () => createEngine({ snapshot: "{" });

  for (const [what, engine] of [
    ["that is refused in the first request", failing],
    ["whose promise rejects before anyone asks", null],
    ["whose maker throws", () => assert.fail("no engine today")],
  ]) {
    test(`${what}: 503, and the reason is reported`, async () => {
      reported.length = 0;
      const down = router({ engine: engine ?? failing(), debugHeader: true });
      await new Promise((resolve) => setTimeout(resolve, 20));
      const answer = await down.fetch(to("/fixed/"));
      assert.deepEqual([answer.status, await answer.text()], [503, "503: no snapshot has been loaded yet\n"]);
      assert.equal(reported.length, 1);
      await down.fetch(to("/fixed/"));
      assert.equal(reported.length, 1, "the same trouble was reported again");
    });
  }

  test("the fallback origin answers", async () => {
    const answer = await router({ engine: failing, fallbackOrigin: `${stable.url}/` }).fetch(to("/any?x=1"));
    assert.equal((await answer.json()).url, "/any?x=1");
  });

  test("requests are passed through where that is possible", async () => {
    const answer = await router({ engine: failing, passThrough: () => new Response("site") }).fetch(to("/any"));
    assert.equal(await answer.text(), "site");
  });

  test("it is made a second after it failed", async () => {
    let tries = 0;
    const engine = () => createEngine({ snapshot: tries++ === 0 ? "{" : snapshot });
    const mending = router({ engine });
    assert.equal((await mending.fetch(to("/fixed/"))).status, 503);
    assert.equal((await mending.fetch(to("/fixed/"))).status, 503);
    assert.equal(tries, 1);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    assert.equal((await mending.fetch(to("/fixed/"))).status, 200);
  });
});

describe("what the origin gets", () => {
  /** @param {RequestInit & { duplex?: "half" }} init */
  const asked = async (init) => (await router().fetch(to("/fixed/x", init))).json();

  test("no header of the client's connection, whatever it is called", async () => {
    const hop = {
      te: "trailers",
      "proxy-authorization": "x",
      "keep-alive": "x",
      trailer: "x",
      "transfer-encoding": "chunked",
    };
    const headers = { connection: "X-Hop, ,(, upgrade", "x-hop": "1", upgrade: "h2c", expect: "100-continue", ...hop };
    const seen = (await asked({ headers })).headers;
    assert.deepEqual(
      [...Object.keys(hop), "x-hop", "upgrade", "expect"].filter((name) => name in seen),
      [],
    );
  });

  test("no WebSocket handshake, which Node's fetch can't make", async () => {
    const headers = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    assert.equal((await asked({ headers })).headers.upgrade, undefined);
  });

  test("a streamed body with its length, if it was told", async () => {
    const body = new Blob(["hello"]).stream();
    const seen = await asked({ method: "POST", body, duplex: "half", headers: { "content-length": "5" } });
    assert.deepEqual([seen.body, seen.headers["content-length"]], ["hello", "5"]);
  });

  test("no length of a body that a GET leaves behind", async () => {
    assert.equal((await asked({ headers: { "content-length": "5" } })).headers["content-length"], undefined);
  });

  test("only encodings that Node's fetch can decode are asked for", async () => {
    assert.doesNotMatch((await asked({ headers: { "accept-encoding": "zstd" } })).headers["accept-encoding"], /zstd/);
  });

  test("no address of the client where the platform tells none", async () => {
    const seen = (await asked({ headers: { "x-forwarded-for": "6.6.6.6", forwarded: "for=6.6.6.6" } })).headers;
    assert.deepEqual([seen["x-forwarded-for"], seen.forwarded], [undefined, undefined]);
    assert.deepEqual([seen["x-forwarded-host"], seen["x-forwarded-proto"]], ["shop.example", "http"]);
  });
});

describe("what the client gets", () => {
  for (const [encoding, encode] of [
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ]) {
    test(`a ${encoding} body decoded, and not called encoded any more`, async () => {
      const encoded = /** @type {typeof gzipSync} */ (encode)("hello");
      const headers = { "content-encoding": /** @type {string} */ (encoding), "content-length": encoded.length };
      stable.on("/fixed/encoded", (_, response) => response.writeHead(200, headers).end(encoded));
      const answer = await router().fetch(to("/fixed/encoded", { headers: { "accept-encoding": "zstd" } }));
      assert.equal(await answer.text(), "hello");
      assert.deepEqual([answer.headers.get("content-encoding"), answer.headers.get("content-length")], [null, null]);
    });
  }

  test("a redirect, every cookie, and no hop-by-hop header", async () => {
    const headers = { location: "/b", connection: "close, x-hop", "x-hop": "1", "set-cookie": ["a=1", "b=2"] };
    stable.on("/shop/a", (_, response) => response.writeHead(302, headers).end());
    const answer = await router().fetch(to("/shop/a"));
    assert.deepEqual([answer.status, answer.headers.get("location"), answer.headers.get("x-hop")], [302, "/b", null]);
    assert.deepEqual(
      answer.headers.getSetCookie().map((one) => one.split("=")[0]),
      ["a", "b", "vid"],
    );
  });

  test("a broken body as an error, chunked or not", async () => {
    stable.on("/fixed/half", (asked, response) => {
      response.writeHead(200).write("half");
      setTimeout(() => asked.socket.destroy(), 20);
    });
    const answer = await router().fetch(to("/fixed/half"));
    await assert.rejects(answer.text());
  });

  test("404 where no route matches and there is no origin", async () => {
    const answer = await router().fetch(to("/elsewhere"));
    assert.deepEqual([answer.status, await answer.text()], [404, "404: no route matches this request\n"]);
  });

  test("502 where the backend refuses the connection, which is reported", async () => {
    reported.length = 0;
    const origin = `http://127.0.0.1:${await closedPort()}`;
    const engine = createEngine({ snapshot: snapshotOf({ stable: origin, canary: origin }) });
    const answer = await router({ engine }).fetch(to("/fixed/"));
    assert.deepEqual([answer.status, await answer.text()], [502, '502: backend "stable" can\'t be reached\n']);
    assert.equal(reported.length, 1);
  });

  test("502 where what it is passed through to fails", async () => {
    const answer = await router({ passThrough: () => Promise.reject(new Error("down")) }).fetch(to("/elsewhere"));
    assert.equal(answer.status, 502);
  });

  test("an answer even when the listener of errors throws", async () => {
    const down = router({ engine: () => createEngine({ snapshot: "{" }), onError: () => assert.fail("listener") });
    assert.equal((await down.fetch(to("/fixed/"))).status, 503);
  });
});

test("a client that goes away aborts the request to the origin, and is no failure", { timeout: 5_000 }, async () => {
  reported.length = 0;
  const leaving = new AbortController();
  const closed = new Promise((resolve) => {
    stable.on("/fixed/hang", (asked) => {
      asked.on("close", () => resolve(true));
      leaving.abort();
    });
  });
  await router().fetch(to("/fixed/hang", { signal: leaving.signal }));
  assert.equal(await closed, true);
  assert.deepEqual(reported, []);
});

test("the debug header is off by default, and escapes what names may hold", async () => {
  const odd = snapshotOf({ stable: stable.url, canary: stable.url });
  odd.routes[0].name = 'köp "1" \\ 100%';
  let now = 1;
  const engine = await createEngine({ clock: () => now, snapshot: { ...odd, revision: 7 } });
  now += 12_999;
  assert.equal((await router({ engine }).fetch(to("/fixed/"))).headers.get("pointsman"), null);
  const header = (await router({ engine, debugHeader: true }).fetch(to("/fixed/"))).headers.get("pointsman");
  assert.deepEqual(parseDictionary(String(header)), {
    route: { display: 'köp "1" \\ 100%' },
    backend: "stable",
    revision: 7,
    age: 12,
    fallback: false,
  });
});
