// What the adapter's cache keeps is whole, readable by every client, and not too much; in a real workerd with its own Cache API.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gunzipSync, gzipSync } from "node:zlib";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/edge.mjs").Edge} */
let edge;
const FRESH = { "cache-control": "public, max-age=60" };
const PAGE = "a page ".repeat(3_000);

before(async () => {
  stable = await startOrigin("stable");
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  const fixed = { backend: "stable", fallback: "stable" };
  await edge.put({
    backends: { stable: { origin: stable.url } },
    routes: [
      { name: "split", match: { path: "/split/*" }, ...fixed, cache: "split" },
      { name: "all", match: {}, ...fixed },
    ],
  });
  await until(async () => (await send(edge.url)).status, (status) => status === 200); // prettier-ignore
});
after(async () => {
  await edge?.stop();
  await stable?.close();
});

/**
 * The origin answers a path so, each time.
 * @param {string} path @param {object} headers @param {string | Buffer} body @returns {() => number} how often it was asked.
 */
function serve(path, headers, body) {
  let asked = 0;
  stable.on(path, (_, response) => {
    asked++;
    response.writeHead(200, { ...headers }).end(body);
  });
  return () => asked;
}

/** @param {string} path @param {import("node:http").OutgoingHttpHeaders} [headers] */
async function get(path, headers = {}) {
  const answer = await send(edge.url + path, { headers });
  // Copies are stored in the background.
  await sleep(150);
  return answer;
}

describe("a body that breaks off is never kept", () => {
  for (const [what, headers] of Object.entries({
    "of a known length": { ...FRESH, "content-length": 8 },
    "in chunks": FRESH,
    "encoded, of a known length": { ...FRESH, "content-encoding": "gzip", "content-length": gzipSync(PAGE).length },
  })) {
    test(what, async () => {
      const path = `/split/${what.replaceAll(/\W+/g, "-")}`;
      stable.on(path, (asked, response) => {
        response.writeHead(200, headers).write("half");
        setTimeout(() => asked.socket.destroy(), 50);
      });
      await get(path).catch(() => {});
      await sleep(150);
      serve(path, { "content-length": 5 }, "whole");
      assert.equal((await get(path)).text, "whole");
    });
  }
});

describe("an encoded page", () => {
  for (const [coding, encode] of /** @type {const} */ ([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
  ])) {
    test(`in ${coding} is kept as what every client can read`, async () => {
      const path = `/split/${coding}`;
      const body = encode(PAGE);
      const headers = { ...FRESH, "content-encoding": coding, "content-length": body.length, etag: '"v1"' };
      const asked = serve(path, headers, body);
      const first = await get(path, { "accept-encoding": coding });
      assert.deepEqual([first.headers["content-encoding"], first.headers.etag], [coding, '"v1"']);
      assert.ok(first.body.equals(body), "the first client gets it as it came");
      for (const accepted of [coding, "*", "identity", `${coding};q=0`, undefined]) {
        const { text, headers } = await get(path, accepted === undefined ? {} : { "accept-encoding": accepted });
        assert.ok(text === PAGE, `${accepted}: ${text.length} characters`);
        assert.deepEqual([headers["content-encoding"], headers.etag], [undefined, 'W/"v1"']);
        assert.equal(headers["content-length"], String(PAGE.length));
      }
      assert.equal(asked(), 1);
    });
  }

  test("that must not be transformed, or is in a coding that no platform decodes, is not kept", async () => {
    const body = gzipSync(PAGE);
    const untouched = { "cache-control": "max-age=60, no-transform", "content-encoding": "gzip" };
    for (const [path, headers] of /** @type {const} */ ([
      ["/split/untouched", untouched],
      ["/split/zstd", { ...FRESH, "content-encoding": "zstd" }],
    ])) {
      const asked = serve(path, headers, body);
      for (let i = 0; i < 2; i++) assert.equal(gunzipSync((await get(path)).body).toString(), PAGE);
      assert.equal(asked(), 2, path);
    }
  });
});

describe("what is too long", () => {
  const LIMIT = 2 << 20;
  const bodyOf = (/** @type {number} */ length) => Buffer.alloc(length, "pointsman ");

  for (const [what, length, announced, times] of /** @type {const} */ ([
    ["two MiB, announced", LIMIT, true, 1],
    ["two MiB in chunks", LIMIT, false, 1],
    ["a byte more, announced", LIMIT + 1, true, 2],
    ["a byte more in chunks", LIMIT + 1, false, 2],
    ["much more in chunks", 5 * LIMIT, false, 2],
  ])) {
    test(`${what}: ${times === 1 ? "kept" : "not kept, and whole all the same"}`, async () => {
      const path = `/split/${what.replaceAll(/\W+/g, "-")}`;
      const body = bodyOf(length);
      let asked = 0;
      stable.on(path, (_, response) => {
        asked++;
        response.writeHead(200, announced ? { ...FRESH, "content-length": length } : FRESH);
        response.write(body.subarray(0, 100));
        response.end(body.subarray(100));
      });
      for (let i = 0; i < 2; i++) assert.ok((await get(path)).body.equals(body));
      assert.equal(asked, times);
    });
  }
});

// RFC 9213, section 2.2, names such fields alike; nginx obeys its own before `Cache-Control`.
test("no field that another cache obeys before `Cache-Control` gets past, where a response is private", async () => {
  const names = ["cdn-cache-control", "cloudflare-cdn-cache-control", "vercel-cdn-cache-control", "netlify-cdn-cache-control"]; // prettier-ignore
  const fields = [...names, "akamai-cache-control", "surrogate-control", "edge-control", "x-accel-expires"];
  const asked = serve("/split/targeted", { ...FRESH, ...Object.fromEntries(fields.map((name) => [name, "60"])) }, "x");
  const { headers } = await get("/split/targeted");
  assert.deepEqual(fields.filter((name) => name in headers), []); // prettier-ignore
  assert.equal(headers["cache-control"], "private, max-age=60");
  await get("/split/targeted");
  assert.equal(asked(), 2, "who sends one has plans of their own");
});

test("an origin that switches protocols unasked gives 502", async () => {
  stable.on("/raw", (asked) => asked.socket.end("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n")); // prettier-ignore
  const answer = await send(`${edge.url}/raw`);
  assert.deepEqual([answer.status, answer.text], [502, '502: backend "stable" can\'t be reached\n']);
});
