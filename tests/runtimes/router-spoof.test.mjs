// Nobody names a variant or a backend without a token that holds: every way to try, against a real workerd.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { mintOverride } from "../../js/dist/overrides.js";
import { send, until } from "./router/client.mjs";
import { startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";

const KEY = "a secret that only the edge knows, of 32 bytes or more";
const SCOPE = "shop.example";
const DAY = 86_400_000;

/** @type {import("./router/origin.mjs").Origin} */
let blue;
/** @type {import("./router/origin.mjs").Origin} */
let green;
/** @type {import("./router/edge.mjs").Edge} */
let edge;

const snapshot = () => ({
  flags: {
    site: {
      enabled: true,
      variants: { blue: "blue", green: "green" },
      onVariant: "green",
      offVariant: "blue",
      rollout: { percentage: 0 },
    },
    off: { enabled: false, variants: { blue: "blue", green: "green" }, onVariant: "green", offVariant: "blue" },
  },
  backends: { blue: { origin: blue.url }, green: { origin: green.url } },
  routes: [
    {
      name: "off",
      match: { path: "/off/*" },
      flag: "off",
      backends: { blue: "blue", green: "green" },
      fallback: "blue",
    },
    {
      name: "office",
      match: { path: "/office/*", if: { attribute: "request.ip", op: "ipInRange", values: ["203.0.113.0/24"] } },
      backend: "green",
      fallback: "blue",
    },
    {
      name: "site",
      match: {},
      flag: "site",
      backends: { blue: "blue", green: "green" },
      fallback: "blue",
      visitor: { cookie: "vid", maxAge: "1d" },
    },
  ],
});

before(async () => {
  [blue, green] = await Promise.all([startOrigin("blue"), startOrigin("green")]);
  edge = await startEdge("tester-worker.mjs", { OVERRIDE_KEY: KEY });
  await edge.put(snapshot());
  await until(async () => (await send(edge.url)).status, (status) => status === 200); // prettier-ignore
});
beforeEach(() => {
  green.seen.length = 0;
});
after(async () => {
  await edge?.stop();
  await Promise.all([blue, green].map((origin) => origin?.close()));
});

const claims = (more = {}) => ({ flag: "site", variant: "green", expires: Date.now() + DAY, scope: SCOPE, ...more });
const good = () => mintOverride(claims(), KEY);

/** The three ways to offer tokens. @type {Record<string, (tokens: string) => Promise<import("./router/client.mjs").Answer>>} */
const WAYS = {
  header: (tokens) => send(edge.url, { headers: { "pointsman-override": tokens } }),
  query: (tokens) => send(`${edge.url}/?pointsman-override=${encodeURIComponent(tokens)}`),
  cookie: (tokens) => send(edge.url, { headers: { cookie: `a=b; pointsman-override=${tokens}` } }),
};

/** @param {import("./router/client.mjs").Answer} answer */
const detailOf = (answer) => /\bdetail=(\w+)/.exec(String(answer.headers.pointsman))?.[1];

describe("a token that holds", () => {
  for (const [way, ask] of Object.entries(WAYS)) {
    test(`shows its variant, offered by ${way}`, async () => {
      const answer = await ask(await good());
      assert.equal(answer.headers["x-origin"], "green");
      assert.equal(detailOf(answer), "override");
      assert.equal(answer.headers["cache-control"], "private");
    });
  }

  test("in a link sets a cookie for as long as it holds, and an empty one ends it", async () => {
    const token = await good();
    const answer = await send(`${edge.url}/?pointsman-override=${token}`);
    const cookie = answer.setCookie.find((one) => one.startsWith("pointsman-override="));
    assert.match(
      String(cookie),
      /^pointsman-override=[\w.-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=863\d\d$/,
    );
    assert.equal(String(cookie).split(/[=;]/)[1], token);
    const again = await send(edge.url, { headers: { cookie: String(cookie).split(";")[0] } });
    assert.equal(again.headers["x-origin"], "green");
    const ended = await send(`${edge.url}/?pointsman-override=`, { headers: { cookie: String(cookie).split(";")[0] } });
    assert.equal(ended.headers["x-origin"], "blue");
    assert.ok(ended.setCookie.some((one) => /^pointsman-override=; .*Max-Age=0$/.test(one)));
  });

  test("does nothing for a disabled flag, an unknown one, or an unknown variant", async () => {
    const disabled = await mintOverride(claims({ flag: "off" }), KEY);
    const answer = await send(`${edge.url}/off/`, { headers: { "pointsman-override": disabled } });
    assert.deepEqual([answer.headers["x-origin"], detailOf(answer)], ["blue", "disabled"]);
    for (const wrong of [{ flag: "nothing" }, { variant: "red" }, { flag: "__proto__" }, { variant: "constructor" }]) {
      const answer = await WAYS.header?.(await mintOverride(claims(wrong), KEY));
      assert.deepEqual([answer?.headers["x-origin"], answer && detailOf(answer)], ["blue", "rollout"]);
    }
  });
});

describe("a token that does not hold", () => {
  /** @type {Record<string, () => Promise<string>>} */
  const BAD = {
    "is expired": () => mintOverride(claims({ expires: Date.now() - 1_000 }), KEY, { now: Date.now() - DAY }),
    "is for another site": () => mintOverride(claims({ scope: "evil.example" }), KEY),
    "is signed with another key": () => mintOverride(claims(), "another secret, just as long as the right one is"),
    "has another scope put in": async () => {
      const [, signature] = (await mintOverride(claims({ scope: "evil.example" }), KEY)).split(".");
      return `${Buffer.from(JSON.stringify(claims())).toString("base64url")}.${signature}`;
    },
    "has another variant put in": async () => {
      const [payload = "", signature] = (await mintOverride(claims({ variant: "blue" }), KEY)).split(".");
      const edited = Buffer.from(payload, "base64url").toString().replace("blue", "green");
      return `${Buffer.from(edited).toString("base64url")}.${signature}`;
    },
    "has lost its signature": async () => `${(await good()).split(".")[0]}.`,
    "is plain JSON": async () => Buffer.from(JSON.stringify(claims())).toString("base64url"),
    "names the variant and nothing else": async () => "green",
  };

  for (const [what, make] of Object.entries(BAD)) {
    test(`as it ${what}`, async () => {
      const token = await make();
      for (const ask of Object.values(WAYS)) {
        const answer = await ask(token);
        assert.deepEqual([answer.headers["x-origin"], detailOf(answer)], ["blue", "rollout"]);
        assert.ok(!answer.setCookie.some((one) => one.startsWith("pointsman-override")), "and it sets no cookie");
      }
      assert.equal(green.seen.length, 0);
    });
  }

  test("even a good one, in a crowd that is too large", async () => {
    const many = Array.from({ length: 20 }, () => "a.b").join("~");
    assert.equal((await send(edge.url, { headers: { "pointsman-override": `${many}~${await good()}` } })).headers["x-origin"], "blue"); // prettier-ignore
  });
});

describe("no header, query or cookie", () => {
  const NAMES = ["variant", "backend", "flag", "site", "green", "route", "override", "overrides", "x-variant"];

  test("by any likely name leads to a backend", async () => {
    const headers = Object.fromEntries(
      NAMES.flatMap((name) => [
        [name, "green"],
        [`pointsman-${name}`, "green"],
        [`x-pointsman-${name}`, "green"],
      ]),
    );
    const cookie = Object.keys(headers).map((name) => `${name}=green`).join("; "); // prettier-ignore
    const query = new URLSearchParams(headers);
    const answer = await send(`${edge.url}/?${query}`, {
      headers: { ...headers, cookie, pointsman: 'backend="green"' },
    });
    assert.deepEqual([answer.headers["x-origin"], green.seen.length], ["blue", 0]);
  });

  test("takes the place of the platform's facts: an address is the connection's", async () => {
    const forged = { "x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7", forwarded: "for=203.0.113.7", "true-client-ip": "203.0.113.7" }; // prettier-ignore
    assert.equal((await send(`${edge.url}/office/`, { headers: forged })).headers["x-origin"], "blue");
    // What Cloudflare itself would set does lead there.
    const real = await send(`${edge.url}/office/`, { headers: { "cf-connecting-ip": "203.0.113.7" } });
    assert.equal(real.headers["x-origin"], "green");
  });

  test("of any size breaks anything: a forged or huge visitor's cookie is none, or an id like any other", async () => {
    for (const id of ["green", "\u00e9", "a b", "x".repeat(129), "x".repeat(8_000), '"quoted"', "=", "vid=vid"]) {
      const answer = await send(edge.url, { headers: { cookie: `vid=${encodeURI(id)}` } });
      assert.deepEqual([answer.status, answer.headers["x-origin"]], [200, "blue"], id.slice(0, 20));
    }
    const oversized = await send(edge.url, { headers: { cookie: `big=${"x".repeat(14_000)}; vid=v-1` } });
    assert.deepEqual([oversized.status, oversized.headers["x-origin"]], [200, "blue"]);
  });
});

test("a context can't say what the platform says", async () => {
  const office = { attribute: "request.ip", op: "ipInRange", values: ["203.0.113.0/24"] };
  const engine = await createEngine({
    snapshot: {
      ...snapshot(),
      flags: {
        ...snapshot().flags,
        office: { enabled: true, rules: [{ if: office, serve: "on" }], rolloutPercentage: 0 },
      },
    },
  });
  const context = { userId: "u", "request.ip": "203.0.113.7", request: { ip: "203.0.113.7" } };
  assert.equal(engine.isEnabled("office", context), false);
  const request = { url: "https://shop.example/office/x", method: "GET", headers: new Headers() };
  assert.equal(engine.route(request, { context })?.backend, "blue");
  assert.equal(engine.route(request, { context, request: { ip: "203.0.113.7" } })?.backend, "green");
});
