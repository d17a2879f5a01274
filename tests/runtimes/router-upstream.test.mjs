// How backends are reached: rewritten paths and headers, timeouts, one more try on the fallback. In a real workerd.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { createRouter } from "../../js/dist/router.js";
import { answerTo, send } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { startEdge } from "./router/edge.mjs";
import { closedPort, startOrigin } from "./router/origin.mjs";

/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/edge.mjs").Edge} */
let edge;

/** A route for each backend, named like it: `/slow/*` goes to `slow`, and falls back to `stable`. @param {Record<string, object>} backends */
const routesTo = (backends) =>
  Object.keys(backends).map((name) => ({ name, match: { path: `/${name}/*` }, backend: name, fallback: "stable" }));

before(async () => {
  stable = await startOrigin("stable");
  const backends = {
    stable: { origin: stable.url },
    prefixed: { origin: stable.url, pathPrefix: "/v2/shop", headers: { "x-release": "canary", "user-agent": "edge" } },
    slow: { origin: stable.url, timeout: "300ms" },
    gone: { origin: `http://127.0.0.1:${await closedPort()}` },
  };
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: "0123456789abcdef0123456789abcdef" });
  await edge.put({ backends, routes: routesTo(backends) });
});
after(async () => {
  await edge?.stop();
  await stable?.close();
});

describe("a backend's rewriting", () => {
  test("puts its prefix in front of the path, and leaves path and query as they came", async () => {
    const answer = await send(`${edge.url}/prefixed/a%2Fb/../c?x=%20&y=`);
    assert.equal(JSON.parse(answer.text).url, "/v2/shop/prefixed/c?x=%20&y=");
  });

  test("sets its headers, over the client's", async () => {
    const answer = await send(`${edge.url}/prefixed/`, { headers: { "x-release": "forged", "user-agent": "curl" } });
    const { headers } = JSON.parse(answer.text);
    assert.deepEqual([headers["x-release"], headers["user-agent"]], ["canary", "edge"]);
    assert.equal(headers.host, new URL(stable.url).host);
  });
});

describe("a backend's timeout", () => {
  test("gives 504 with the backend's name", async () => {
    stable.on("/slow/hang", () => {});
    const began = Date.now();
    const answer = await send(`${edge.url}/slow/hang`);
    const took = Date.now() - began;
    assert.deepEqual([answer.status, answer.text], [504, '504: backend "slow" did not answer in time\n']);
    assert.ok(took >= 290 && took < 2_000, `${took} ms`);
  });

  test("is about the first byte alone: a body may take longer", async () => {
    stable.on("/slow/body", (_, response) => {
      response.writeHead(200, { "content-length": "6" }).write("abc");
      setTimeout(() => response.end("def"), 800);
    });
    const answer = await send(`${edge.url}/slow/body`);
    assert.deepEqual([answer.status, answer.text], [200, "abcdef"]);
  });

  test("is not tried again elsewhere: the backend may be at work on it", async () => {
    stable.seen.length = 0;
    stable.on("/slow/once", () => {});
    assert.equal((await send(`${edge.url}/slow/once`)).status, 504);
    assert.equal(stable.seen.length, 1);
  });
});

describe("a backend that can't be reached", () => {
  for (const method of ["GET", "HEAD", "OPTIONS"]) {
    test(`${method} is tried once more, on the fallback`, async () => {
      stable.seen.length = 0;
      const answer = await send(`${edge.url}/gone/x`, { method });
      assert.equal(answer.status, 200);
      assert.deepEqual(
        stable.seen.map(({ method }) => method),
        [method],
      );
      const told = parseDictionary(String(answer.headers.pointsman));
      assert.deepEqual([told.backend, told.fallback], ["stable", true]);
    });
  }

  for (const method of ["POST", "PUT", "DELETE", "PATCH"]) {
    test(`${method} is not`, async () => {
      stable.seen.length = 0;
      const answer = await send(`${edge.url}/gone/x`, { method });
      assert.deepEqual([answer.status, answer.text, stable.seen.length], [502, '502: backend "gone" can\'t be reached\n', 0]); // prettier-ignore
    });
  }

  test("and is its own fallback: there is nothing else to try", async () => {
    stable.seen.length = 0;
    stable.on("/stable/reset", (asked) => asked.socket.destroy());
    assert.equal((await send(`${edge.url}/stable/reset`)).status, 502);
    assert.equal(stable.seen.length, 1);
  });
});

describe("override tokens", () => {
  test("are kept from the origin, wherever they stand; all else stays as it came", async () => {
    const headers = { "pointsman-override": "a.b", cookie: "x=1; pointsman-override=c.d;  y=%20" };
    const answer = await send(`${edge.url}/stable/?a=1&pointsman-override=e.f&b=%2f&pointsman%2Doverride=g`, {
      headers,
    });
    const seen = JSON.parse(answer.text);
    assert.equal(seen.url, "/stable/?a=1&b=%2f");
    assert.equal(seen.headers.cookie, "x=1;  y=%20");
    assert.doesNotMatch(JSON.stringify(seen), /override/);
  });

  test("nor do they reach what no route matches, which gets all else as it came", async () => {
    const headers = { "pointsman-override": "a.b", cookie: "pointsman-override=c.d", "x-other": "1" };
    const answer = await send(`${edge.url}/nowhere?a=1&pointsman-override=e.f`, { headers });
    assert.deepEqual([answer.status, answer.text.split("\n")[0]], [404, `${edge.url}/nowhere?a=1`]);
    assert.match(answer.text, /x-other/);
    assert.doesNotMatch(answer.text, /override|cookie/);
  });
});

describe("a client's upload", () => {
  test("that dawdles is not cut off by the backend's timeout, where it is large or its length unknown", async () => {
    stable.on("/slow/upload", async (asked, response) => {
      let bytes = 0;
      for await (const chunk of asked) bytes += chunk.length;
      response.end(String(bytes));
    });
    for (const headers of [{ "content-length": 100_000 }, {}]) {
      const sent = request(`${edge.url}/slow/upload`, { method: "POST", agent: false, headers });
      sent.write("x".repeat(50_000));
      await new Promise((resolve) => setTimeout(resolve, 700));
      sent.end("x".repeat(50_000));
      const response = await answerTo(sent);
      let text = "";
      for await (const chunk of response) text += String(chunk);
      assert.deepEqual([response.statusCode, text], [200, "100000"]);
    }
  });

  test("with a small body has a timeout as any request", async () => {
    stable.on("/slow/small", () => {});
    assert.equal((await send(`${edge.url}/slow/small`, { method: "POST", body: "x" })).status, 504);
  });

  test("that breaks off is no failure of a guarded variant; a request without a body that is reset is", async () => {
    const reports = /** @type {string[]} */ ([]);
    const flags = { f: { enabled: true, rolloutPercentage: 100, guard: {} } };
    const routes = [{ name: "r", match: {}, flag: "f", backends: { on: "a" }, fallback: "a" }];
    const engine = await createEngine({ snapshot: { flags, backends: { a: { origin: stable.url } }, routes } });
    const told = { ...engine, route: engine.route, report: (/** @type {any} */ _, /** @type {any} */ outcome) => void reports.push(outcome.failure ?? outcome.status) }; // prettier-ignore
    const router = createRouter({ engine: told, context: () => ({ userId: "u" }), onError: () => {} });
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("the client left")) });
    const init = /** @type {RequestInit} */ ({ method: "POST", body: broken, duplex: "half" });
    assert.equal((await router.fetch(new Request("https://shop.example/x", init))).status, 502);
    stable.on("/reset", (asked) => asked.socket.destroy());
    assert.equal((await router.fetch(new Request("https://shop.example/reset"))).status, 502);
    const posted = new Request("https://shop.example/echo", { method: "POST", body: "x" });
    assert.equal((await router.fetch(posted)).status, 200);
    assert.deepEqual(reports, ["aborted", "network", 200]);
  });
});
