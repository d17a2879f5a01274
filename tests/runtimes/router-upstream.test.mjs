// How backends are reached: rewritten paths and headers, timeouts, one more try on the fallback. In a real workerd.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { closedPort, startOrigin } from "./router/origin.mjs";
import { send } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { startEdge } from "./router/edge.mjs";

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
});
