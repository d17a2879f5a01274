// What only Node's handler has to see to: from node:http to the Fetch standard and back, whatever clients and backends do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createHandler } from "../../js/dist/adapter/node.js";
import { createExposures } from "../../js/dist/exposure.js";
import { createEngine } from "../../js/dist/node.js";
import { answerTo, send } from "../runtimes/router/client.mjs";
import { listen } from "../runtimes/router/origin.mjs";
import { ELSEWHERE } from "./snapshot.mjs";
import { startWorld } from "./world.mjs";

/** @type {import("./world.mjs").World} */
let world;
/** @type {import("node:http").Server[]} */
const servers = [];
/** @type {string} */
let url;

before(async () => {
  world = await startWorld();
  url = await start();
});
after(async () => {
  for (const server of servers) server.closeAllConnections();
  for (const server of servers) server.close();
  await world.close();
});

/** @param {Partial<import("../../js/dist/adapter/node.js").HandlerOptions>} [options] */
async function start(options) {
  const snapshot = { read: async () => JSON.stringify(world.snapshot()) };
  const server = createServer(createHandler({ createEngine, snapshot, onError: () => {}, ...options }));
  servers.push(server);
  return `http://127.0.0.1:${await listen(server)}`;
}

/** What a server answers to these very bytes. @param {string} head */
async function raw(head) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(head);
  return text(socket);
}

describe("a request that can't be routed is refused, and the server goes on", () => {
  for (const [what, head] of Object.entries({
    "without a host": "GET /fixed/ HTTP/1.0\r\n\r\n",
    "whose host holds a path": "GET /fixed/ HTTP/1.1\r\nHost: shop.example/evil\r\n\r\n",
    "whose host holds a user": "GET /fixed/ HTTP/1.1\r\nHost: evil@shop.example\r\n\r\n",
    "whose port is none": "GET /fixed/ HTTP/1.1\r\nHost: shop.example:99999\r\n\r\n",
    "for the server itself": "OPTIONS * HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    "with a method that Fetch forbids": "TRACE /fixed/ HTTP/1.1\r\nHost: shop.example\r\n\r\n",
    "whose absolute form is no URL": "GET http://[/fixed/ HTTP/1.1\r\nHost: shop.example\r\n\r\n",
  })) {
    test(what, async () => {
      assert.match(await raw(head), /^HTTP\/1\.1 400 [^]*can't be routed/);
      assert.equal((await send(`${url}/fixed/`)).headers["x-origin"], "stable");
    });
  }
});

describe("what the backend is asked", () => {
  /** @param {string} head */
  const asked = async (head) => JSON.parse(/\{[^]*\}/.exec(await raw(head))?.[0] ?? "null");

  test("a path that begins with two slashes stays a path", async () => {
    const got = await raw("GET //fixed/evil.example HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");
    assert.match(got, /404: no route matches this request/);
  });

  test("the host of an absolute form goes before the header's", async () => {
    const { headers, url: path } = await asked(
      "GET http://shop.example/fixed/a HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n",
    );
    assert.deepEqual([path, headers["x-forwarded-host"]], ["/fixed/a", "shop.example"]);
  });

  test("the connection's scheme, whatever an absolute form claims", async () => {
    const { headers } = await asked(
      "GET https://shop.example/fixed/ HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n",
    );
    assert.equal(headers["x-forwarded-proto"], "http");
  });

  test("each header that came several times, and bytes beyond ASCII as they came", async () => {
    const { headers } = await asked(
      "GET /fixed/ HTTP/1.1\r\nHost: shop.example\r\nX-A: 1\r\nX-A: 2\r\nX-Name: K\u00f6ln\r\nConnection: close\r\n\r\n",
    );
    // As UTF-8 on the line, read as Latin-1.
    assert.deepEqual([headers["x-a"], headers["x-name"]], ["1, 2", "K\u00c3\u00b6ln"]);
  });
});

describe("what the client gets", () => {
  test("each cookie in a header of its own", async () => {
    world.stable.on("/fixed/cookies", (_, response) =>
      response.writeHead(200, { "set-cookie": ["a=1; Path=/", "b=2"] }).end(),
    );
    assert.deepEqual((await send(`${url}/fixed/cookies`)).setCookie, ["a=1; Path=/", "b=2"]);
  });

  test("an answer that does not wait for the body, on a connection that holds", async () => {
    world.stable.on("/fixed/full", (_, response) => response.writeHead(413, { connection: "close" }).end("too large"));
    const sent = request(`${url}/fixed/full`, { method: "POST", agent: false }).on("error", () => {});
    sent.write("x".repeat(1_000));
    const answer = await answerTo(sent);
    assert.deepEqual([answer.statusCode, await text(answer)], [413, "too large"]);
    sent.destroy();
  });

  test("headers at once, where the body is a long time coming", async () => {
    const asked = new Promise((resolve) => world.stable.on("/fixed/events", (_, response) => resolve(response)));
    const sent = request(`${url}/fixed/events`, { agent: false });
    sent.end();
    const response = /** @type {import("node:http").ServerResponse} */ (await asked);
    response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
    const answer = await answerTo(sent);
    assert.equal(answer.headers["content-type"], "text/event-stream");
    response.end("data: 1\n\n");
    assert.equal(await text(answer), "data: 1\n\n");
  });

  test("no whole answer where the backend broke off", async () => {
    world.stable.on("/fixed/broken", (_, response) => {
      response.write("half", () => response.destroy());
    });
    await assert.rejects(send(`${url}/fixed/broken`), { code: "ECONNRESET" });
  });
});

test("who was sent where is an exposure", async () => {
  /** @type {import("../../js/dist/exposure.js").Exposure[]} */
  const got = [];
  const exposures = createExposures({ send: (batch) => void got.push(...batch) });
  const url = await start({ exposures, context: () => ({ userId: "trent" }) });
  const { "x-origin": origin } = (await send(`${url}/half/`)).headers;
  await send(`${url}/fixed/`);
  await exposures.flush();
  const seen = got.map(({ flagKey, unit, route, backend }) => [flagKey, unit, route, backend]);
  assert.deepEqual(seen, [["half", "trent", "half", origin]]);
});

test("a client that breaks its upload off ends the backend's request", async () => {
  const closed = new Promise((resolve) =>
    world.stable.on("/fixed/upload", (asked) => {
      asked.on("error", () => {}).on("close", () => resolve(asked.complete));
      sent.destroy();
    }),
  );
  const sent = request(`${url}/fixed/upload`, { method: "POST", agent: false }).on("error", () => {});
  sent.write("part");
  assert.equal(await closed, false);
});

test("a backend writes no faster than its client reads", async () => {
  let written = 0;
  world.stable.on("/fixed/large", (_, response) => {
    const chunk = Buffer.alloc(1 << 20);
    const fill = () => {
      while (written < 256 && response.write((written++, chunk)));
      if (written < 256) response.once("drain", fill);
      else response.end();
    };
    fill();
  });
  const sent = request(`${url}/fixed/large`, { agent: false });
  sent.end();
  const answer = await answerTo(sent);
  // Nobody reads: what is on its way fills the sockets' buffers, some MiB each, and then it stops.
  for (let last = -1; last !== written; await sleep(300)) last = written;
  assert.ok(written < 64, `${written} MiB of 256 were written`);
  answer.destroy();
});

describe("behind a proxy of one's own", () => {
  const HEADERS = { ip: "x-forwarded-for", country: "x-country" };

  test("what it tells counts: of a list the last address, which it has added itself", async () => {
    const proxied = await start({ proxyHeaders: HEADERS });
    const headers = { "x-forwarded-for": `192.0.2.1, ::ffff:${ELSEWHERE}`, "x-country": "DE" };
    const { text } = await send(`${proxied}/elsewhere/`, { headers });
    const asked = JSON.parse(text);
    assert.equal(asked.headers["x-forwarded-for"], ELSEWHERE);
    assert.equal((await send(`${proxied}/elsewhere/`, { headers })).headers["x-origin"], "canary");
    assert.equal((await send(`${proxied}/german/`, { headers })).headers["x-origin"], "canary");
  });

  test("what it does not tell is unknown: the connection's address is the proxy's", async () => {
    const proxied = await start({ proxyHeaders: HEADERS });
    const { headers, text } = await send(`${proxied}/here/`);
    assert.deepEqual([headers["x-origin"], JSON.parse(text).headers["x-forwarded-for"]], ["stable", undefined]);
  });

  test("a header that has no header's name is said at the start", () => {
    const snapshot = "snapshot.json";
    assert.throws(() => createHandler({ createEngine, snapshot, proxyHeaders: { ip: "x real ip" } }), TypeError);
  });
});

describe("where the snapshot is", () => {
  test("in a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
    try {
      writeFileSync(join(folder, "snapshot.json"), JSON.stringify(world.snapshot()));
      const fromFile = await start({ snapshot: join(folder, "snapshot.json") });
      assert.equal((await send(`${fromFile}/fixed/`)).headers["x-origin"], "stable");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("in a source that hangs: nobody is decided by anything else", async () => {
    const hanging = await start({ snapshot: { read: () => new Promise(() => {}) }, timeout: 200 });
    assert.equal((await send(`${hanging}/fixed/`)).status, 503);
  });

  test("in a source that hangs, with another one bundled", async () => {
    const engineOptions = { snapshot: world.snapshot() };
    const bundled = await start({ snapshot: { read: () => new Promise(() => {}) }, timeout: 200, engineOptions });
    assert.equal((await send(`${bundled}/fixed/`)).headers["x-origin"], "stable");
  });

  test("nowhere, as a variable is not set: said once, 503, or the fallback origin", async () => {
    const errors = [];
    const onError = (error) => void errors.push(String(error));
    const nowhere = await start({ snapshot: undefined, onError });
    assert.equal((await send(`${nowhere}/fixed/`)).status, 503);
    assert.match(errors.join("\n"), /`snapshot` names no place to read from/);
    const falling = await start({ snapshot: undefined, fallbackOrigin: world.stable.url });
    assert.equal((await send(`${falling}/fixed/`)).headers["x-origin"], "stable");
  });
});

test("a context knows Node's own request, and one that fails leaves the visitor out", async () => {
  const seen = [];
  const context = (_request, incoming) => {
    seen.push(incoming.socket.remotePort > 0);
    throw new Error("the session store is down");
  };
  const failing = await start({ context });
  assert.equal((await send(`${failing}/listed/`)).headers["x-origin"], "stable");
  assert.deepEqual(seen, [true]);
});

test("a server that is closed while a client waits ends nothing but that", async () => {
  const server = createServer(createHandler({ createEngine, snapshot: world.snapshotUrl, onError: () => {} }));
  const port = await listen(server);
  await world.put(world.snapshot());
  const asked = new Promise((resolve) => world.stable.on("/fixed/waits", resolve));
  const sent = request(`http://127.0.0.1:${port}/fixed/waits`, { agent: false }).on("error", () => {});
  sent.end();
  const { socket } = /** @type {import("node:http").IncomingMessage} */ (await asked);
  server.closeAllConnections();
  server.close();
  await Promise.all([once(server, "close"), once(socket, "close")]);
});
