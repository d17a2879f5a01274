// The router in a real workerd, between a real client and real origins.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { answerTo, send } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { startEdge } from "./router/edge.mjs";
import { closedPort, startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";
import { echoSockets, talk } from "./router/socket.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/origin.mjs").Origin} */
let canary;
/** @type {import("./router/edge.mjs").Edge} */
let edge;

const ALICE = { cookie: "uid=alice" };

before(async () => {
  [stable, canary, edge] = await Promise.all([startOrigin("stable"), startOrigin("canary"), startEdge("worker.mjs")]);
  await edge.put(snapshotOf({ stable: stable.url, canary: canary.url }));
});
after(() => Promise.all([edge.stop(), stable.close(), canary.close()]));

/** What the origin behind a path was asked. @param {string} path @param {Parameters<typeof send>[1]} [options] */
async function asked(path, options) {
  return JSON.parse((await send(edge.url + path, options)).text);
}

describe("where a request goes", () => {
  test("the flag's variant names the backend", async () => {
    assert.equal((await send(`${edge.url}/shop/a`, { headers: ALICE })).headers["x-origin"], "canary");
    assert.equal(
      (await send(`${edge.url}/shop/a`, { headers: { cookie: "uid=carol" } })).headers["x-origin"],
      "stable",
    );
  });

  test("the decision is told in the debug header", async () => {
    const { headers } = await send(`${edge.url}/shop/a`, { headers: ALICE });
    const { age, ...told } = parseDictionary(String(headers.pointsman));
    assert.ok(typeof age === "number" && age >= 0 && age < 60, `${age} s`);
    assert.deepEqual(told, {
      route: "shop",
      backend: "canary",
      variant: "on",
      reason: { token: "TARGETING_MATCH" },
      detail: { token: "whitelist" },
      fallback: false,
    });
  });

  test("a request that no route matches is passed through", async () => {
    const answer = await send(`${edge.url}/elsewhere`);
    assert.deepEqual([answer.status, answer.text], [404, "passed through: GET /elsewhere"]);
    assert.equal(answer.headers.pointsman, undefined);
  });
});

describe("what the origin gets", () => {
  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"]) {
    test(`${method} with its path and query`, async () => {
      const seen = await asked("/fixed/a%20b//c?x=1&y=%2F&z", { method });
      assert.deepEqual([seen.method, seen.url], [method, "/fixed/a%20b//c?x=1&y=%2F&z"]);
    });
  }

  test("a body of known length with its length, one of unknown length in chunks", async () => {
    const known = await asked("/fixed/", { method: "POST", body: "hello", headers: { "content-length": 5 } });
    assert.deepEqual([known.body, known.headers["content-length"]], ["hello", "5"]);
    const chunked = await asked("/fixed/", {
      method: "POST",
      body: "hello",
      headers: { "transfer-encoding": "chunked" },
    });
    assert.deepEqual([chunked.body, chunked.headers["content-length"]], ["hello", undefined]);
  });

  test("a GET's body, which means nothing, is left behind and breaks nothing", async () => {
    const seen = await asked("/fixed/", { method: "GET", body: "hello", headers: { "content-length": 5 } });
    assert.deepEqual([seen.method, seen.body, seen.headers["content-length"]], ["GET", "", undefined]);
  });

  test("nothing that was about the client's connection", async () => {
    const hop = {
      te: "trailers",
      "proxy-authorization": "Basic x",
      "keep-alive": "timeout=5",
      "proxy-connection": "x",
    };
    const { headers } = await asked("/fixed/", {
      headers: { connection: "close, X-Hop", "x-hop": "1", "x-end": "1", ...hop },
    });
    assert.deepEqual(
      Object.keys(hop).filter((name) => name in headers),
      [],
    );
    assert.deepEqual([headers["x-hop"], headers["x-end"]], [undefined, "1"]);
  });

  test("its own Host, and what the edge knows of the client in place of what the client says", async () => {
    const spoofed = {
      host: "shop.example:8080",
      forwarded: "for=6.6.6.6",
      "x-forwarded-for": "6.6.6.6",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "666",
      "x-real-ip": "6.6.6.6",
      "true-client-ip": "6.6.6.6",
      "fastly-client-ip": "6.6.6.6",
      "x-client-ip": "6.6.6.6",
      "x-cluster-client-ip": "6.6.6.6",
      "x-original-forwarded-for": "6.6.6.6",
      // CGI and WSGI make one variable of both.
      x_forwarded_for: "6.6.6.6",
      x_real_ip: "6.6.6.6",
      // Cloudflare sets this one itself; this test is in Cloudflare's place.
      "cf-connecting-ip": "192.0.2.7",
    };
    const { headers } = await asked("/fixed/", { headers: spoofed });
    assert.equal(headers.host, new URL(stable.url).host);
    const { "x-forwarded-for": client, "x-forwarded-host": host, "x-forwarded-proto": proto } = headers;
    assert.deepEqual({ client, host, proto }, { client: "192.0.2.7", host: "shop.example:8080", proto: "http" });
    assert.doesNotMatch(JSON.stringify(headers), /6\.6\.6\.6|evil|666/);
  });

  test("no header in our name", async () => {
    const { headers } = await asked("/fixed/", {
      headers: { pointsman: "route=x", "pointsman-override": "x", pointsmans: "1" },
    });
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith("pointsman")),
      ["pointsmans"],
    );
  });
});

describe("what the client gets", () => {
  test("the origin's status, reason and headers, but not those of its connection or in our name", async () => {
    const headers = { connection: "close, X-Hop", "x-hop": "1", "x-end": "1", pointsman: "spoof", "pointsman-x": "1" };
    stable.on("/fixed/odd", (_, response) => response.writeHead(418, "Short and Stout", headers).end("tea"));
    const answer = await send(`${edge.url}/fixed/odd`);
    assert.deepEqual([answer.status, answer.text, answer.headers["x-end"]], [418, "tea", "1"]);
    assert.deepEqual([answer.headers["x-hop"], answer.headers["pointsman-x"]], [undefined, undefined]);
    assert.equal(parseDictionary(String(answer.headers.pointsman)).route, "fixed");
  });

  test("a redirect, to follow it", async () => {
    stable.on("/fixed/moved", (_, response) => response.writeHead(307, { location: "/fixed/there?x=1" }).end());
    const before = stable.seen.length;
    const answer = await send(`${edge.url}/fixed/moved`);
    assert.deepEqual([answer.status, answer.headers.location], [307, "/fixed/there?x=1"]);
    assert.equal(stable.seen.length, before + 1, "the router followed it");
  });

  test("an encoded body as it came", async () => {
    const gzipped = gzipSync("x".repeat(10_000));
    const headers = { "content-encoding": "gzip", "content-length": gzipped.length };
    stable.on("/fixed/gzip", (_, response) => response.writeHead(200, headers).end(gzipped));
    const answer = await send(`${edge.url}/fixed/gzip`, { headers: { "accept-encoding": "gzip" } });
    assert.equal(answer.headers["content-encoding"], "gzip");
    assert.deepEqual(answer.body, gzipped);
  });

  test("the length that HEAD tells", async () => {
    stable.on("/fixed/head", (_, response) => response.writeHead(200, { "content-length": 12_345 }).end());
    const answer = await send(`${edge.url}/fixed/head`, { method: "HEAD" });
    assert.deepEqual([answer.headers["content-length"], answer.body.length], ["12345", 0]);
  });

  for (const status of [204, 205, 304]) {
    test(`a ${status}, which has no body`, async () => {
      stable.on(`/fixed/${status}`, (_, response) => response.writeHead(status, { etag: '"x"' }).end());
      const answer = await send(`${edge.url}/fixed/${status}`);
      assert.deepEqual([answer.status, answer.headers.etag, answer.text], [status, '"x"', ""]);
    });
  }

  test("ten megabytes, byte for byte, up and down", async () => {
    const body = Buffer.from(Array.from({ length: 10_000_000 }, (_, at) => (at * 31 + (at >> 8)) % 256));
    stable.on("/fixed/mirror", (asked, response) => asked.pipe(response));
    const answer = await send(`${edge.url}/fixed/mirror`, { method: "POST", body });
    assert.ok(answer.body.equals(body));
  });
});

describe("streams", () => {
  test("each side's part arrives while the other side is still sending", { timeout: 5_000 }, async () => {
    stable.on("/fixed/talk", (asked, response) => {
      response.writeHead(200).flushHeaders();
      asked.on("data", (part) => response.write(`got ${part}`)).on("end", () => response.end("end"));
    });
    const sent = request(`${edge.url}/fixed/talk`, { method: "POST", agent: false });
    sent.write("one");
    const answer = await answerTo(sent);
    assert.equal(String((await once(answer, "data"))[0]), "got one");
    sent.write("two");
    assert.equal(String((await once(answer, "data"))[0]), "got two");
    sent.end();
    assert.equal(String((await once(answer, "data"))[0]), "end");
  });

  test("WebSockets pass, with their protocol and cookies", { timeout: 5_000 }, async () => {
    echoSockets(canary.server, ["Sec-WebSocket-Protocol: chat", "Set-Cookie: a=1", "x-origin: canary"]);
    const answer = await talk(`${edge.url}/shop/ws`, { ...ALICE, "sec-websocket-protocol": "chat" }, "hello");
    assert.deepEqual([answer.status, answer.text, answer.headers["x-origin"]], [101, "hello", "canary"]);
    assert.equal(answer.headers["sec-websocket-protocol"], "chat");
    assert.deepEqual(
      answer.headers["set-cookie"]?.map((one) => one.split("=")[0]),
      ["a", "vid"],
    );
  });
});

describe("a client that goes away", () => {
  /** When the origin's side of the exchange ends. @param {string} path @param {(response: any) => void} start */
  function ended(path, start) {
    return new Promise((resolve) => {
      stable.on(path, (asked, response) => {
        asked.on("error", () => {}).resume();
        response.on("close", () => resolve(asked.complete && response.writableFinished));
        start(response);
      });
    });
  }

  test("in mid-body ends the origin's response", { timeout: 5_000 }, async () => {
    const finished = ended("/fixed/drip", (response) => {
      const timer = setInterval(() => response.write("drip"), 20);
      response.on("close", () => clearInterval(timer));
    });
    const sent = request(`${edge.url}/fixed/drip`, { agent: false });
    sent.end();
    await once(await answerTo(sent), "data");
    sent.destroy();
    assert.equal(await finished, false);
  });

  // A reset: workerd by itself takes a mere end of the client's sending for a client that still listens, as TCP allows.
  test("before the response began ends the origin's request", { timeout: 5_000 }, async () => {
    let reached = () => {};
    const waiting = new Promise((resolve) => (reached = () => resolve(null)));
    const finished = ended("/fixed/hang", () => reached());
    const sent = request(`${edge.url}/fixed/hang`, { agent: false }).on("error", () => {});
    sent.end();
    await waiting;
    sent.socket?.resetAndDestroy();
    assert.equal(await finished, false);
  });

  test(
    "in mid-upload ends the origin's request, and nobody takes the part for the whole",
    { timeout: 5_000 },
    async () => {
      let reached = () => {};
      const waiting = new Promise((resolve) => (reached = () => resolve(null)));
      const finished = ended("/fixed/upload", () => reached());
      const headers = { "content-length": 1_000 };
      const sent = request(`${edge.url}/fixed/upload`, { method: "POST", agent: false, headers }).on("error", () => {});
      sent.write("part");
      await waiting;
      sent.destroy();
      assert.equal(await finished, false);
    },
  );
});

describe("an origin that fails", () => {
  test("refusing the connection gives 502 with the backend's name and not its address", async () => {
    const port = await closedPort();
    await edge.put(snapshotOf({ stable: stable.url, canary: `http://127.0.0.1:${port}` }));
    await new Promise((resolve) => setTimeout(resolve, 250));
    // Without a body it would be tried once more, on the fallback.
    const answer = await send(`${edge.url}/shop/a`, { method: "POST", headers: ALICE, body: "x" });
    await edge.put(snapshotOf({ stable: stable.url, canary: canary.url }));
    assert.deepEqual([answer.status, answer.text], [502, '502: backend "canary" can\'t be reached\n']);
    assert.equal(answer.headers["content-type"], "text/plain; charset=utf-8");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(parseDictionary(String(answer.headers.pointsman)).backend, "canary");
    assert.ok(!JSON.stringify(answer).includes(String(port)));
  });

  test("hanging up before it answered gives 502", async () => {
    stable.on("/fixed/reset", (asked) => asked.socket.destroy());
    assert.equal((await send(`${edge.url}/fixed/reset`)).status, 502);
  });

  // Of a known length: workerd's own server ends a chunked response cleanly even when its stream broke.
  test("hanging up in mid-body breaks the client's response, which must not look whole", async () => {
    stable.on("/fixed/half", (asked, response) => {
      response.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => asked.socket.destroy(), 50);
    });
    await assert.rejects(send(`${edge.url}/fixed/half`), { code: "ECONNRESET" });
  });

  test("a status that no Response can carry gives 502", async () => {
    stable.on("/fixed/999", (_, response) => response.writeHead(999).end("denied"));
    assert.equal((await send(`${edge.url}/fixed/999`)).status, 502);
  });
});

describe("the visitor's cookie", () => {
  /** @param {import("node:http").OutgoingHttpHeaders} headers @param {import("node:http").OutgoingHttpHeaders} [asking] */
  async function shopAnswering(headers, asking = {}) {
    stable.on("/shop/set", (_, response) => response.writeHead(200, headers).end());
    return send(`${edge.url}/shop/set`, { headers: asking });
  }

  test("is added to the origin's own cookies", async () => {
    const { setCookie } = await shopAnswering({ "set-cookie": ["a=1; Path=/", "b=2"] });
    assert.deepEqual(setCookie.slice(0, 2), ["a=1; Path=/", "b=2"]);
    assert.match(setCookie[2], /^vid=[0-9a-f-]{36}; Max-Age=86400; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    assert.equal(setCookie.length, 3);
  });

  test("is set once, and keeps the visitor on one backend", async () => {
    const first = await shopAnswering({});
    const cookie = first.setCookie[0].split(";")[0];
    const second = await shopAnswering({}, { cookie });
    assert.deepEqual(second.setCookie, []);
    assert.equal(second.headers["x-origin"], first.headers["x-origin"]);
  });

  for (const [said, kept] of [
    [undefined, "private"],
    ["public, max-age=60", "private, max-age=60"],
    ["s-maxage=60, max-age=5", "private, max-age=5"],
    ["private, max-age=60", "private, max-age=60"],
    ["no-store", "no-store"],
    ['private="x-a, x-b", max-age=1', 'private, private="x-a, x-b", max-age=1'],
  ]) {
    test(`keeps a response with cache-control ${said} out of shared caches`, async () => {
      const cache = said === undefined ? {} : { "cache-control": said };
      const targeted = { "cdn-cache-control": "max-age=60", "surrogate-control": "max-age=60" };
      const { headers } = await shopAnswering({ ...cache, ...targeted });
      assert.equal(headers["cache-control"], kept);
      assert.deepEqual([headers["cdn-cache-control"], headers["surrogate-control"]], [undefined, undefined]);
    });
  }

  test("a response that no visitor's decision shaped stays as cacheable as the origin said", async () => {
    stable.on("/fixed/cached", (_, response) =>
      response.writeHead(200, { "cache-control": "public, max-age=60" }).end(),
    );
    assert.equal((await send(`${edge.url}/fixed/cached`)).headers["cache-control"], "public, max-age=60");
  });
});
