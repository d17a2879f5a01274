// @ts-nocheck: this calls on purpose what the types forbid.
/** Tokens and cookies that no sound client sends: nothing throws, nobody gets in, and nothing of them is set back. */
import { mintOverride, verifyOverrides } from "../../js/dist/overrides.js";
import { createRouter } from "../../js/dist/router.js";
import { equal } from "./check.mjs";

const KEY = "a key that no one but this test may have";
const SCOPE = "x.test";
const FRESH = "00000000-0000-4000-8000-000000000000";
const MB = 1 << 20;

const visitor = { cookie: "v", maxAge: "1d" };
const SNAPSHOT = {
  flags: { f: { enabled: true, rolloutPercentage: 0 } },
  backends: { a: { origin: "http://a.test" }, b: { origin: "http://b.test" } },
  routes: [{ name: "r", match: { path: "/r" }, flag: "f", backends: { on: "b" }, fallback: "a", visitor }],
};

/** @param {{ createEngine: Function }} module @param {import("./check.mjs").Check} check */
export async function runTokens({ createEngine }, check) {
  const engine = await createEngine({ snapshot: SNAPSHOT });
  const token = await mintOverride({ flag: "f", variant: "on", expires: Date.now() + 60_000, scope: SCOPE }, KEY);
  for (const [name, make] of Object.entries(BAD_TOKENS)) {
    await check(`tokens: ${name}`, () => ignored(engine, make(token)));
  }
  await check("sixteen tokens", async () => {
    const sixteen = [...new Array(15).fill("x.x"), token].join("~");
    equal(await preview(engine, { "pointsman-override": sixteen }), ["on"]);
  });
  for (const [name, make] of Object.entries(BAD_COOKIES)) {
    await check(`a cookie: ${name}`, () => isFresh(engine, make()));
  }
  for (const [name, make] of Object.entries(GOOD_COOKIES)) {
    await check(`a cookie: ${name}`, () => equal(ids(engine, { cookie: make() }), ["good", null]));
  }
  for (const [name, id] of Object.entries(BAD_IDS)) {
    await check(`a fresh id: ${name}`, () => equal(ids(engine, {}, id), [null, null]));
  }
  await check("a thousand requests with broken cookies", () => {
    for (let byte = 0; byte < 256; byte++) {
      const text = String.fromCharCode(byte);
      for (const cookie of [text, `v${text}`, `v=${text}`, `v=good${text}x`, `${text}v=good`])
        sound(engine, { cookie });
    }
    equal(engine.traps, 0);
  });
}

/** Each of them holds the good token, or what looks like one. */
const BAD_TOKENS = {
  "1 MB": () => "x".repeat(MB),
  "1 MB behind a good one": (token) => `${token}~${"x".repeat(MB)}`,
  "a signature of 1 MB": (token) => `${token}${"A".repeat(MB)}`,
  "10,000 good ones": (token) => new Array(10_000).fill(token).join("~"),
  "10,000 empty ones": (token) => `${"~".repeat(10_000)}${token}`,
  seventeen: (token) => [...new Array(16).fill("x.x"), token].join("~"),
  "8,000 dots": (token) => `${".".repeat(8_000)}${token}`,
  "a NUL within": (token) => token.replace(".", "\0."),
  "a NUL behind": (token) => `${token}\0`,
  "a line end behind": (token) => `${token}\r\nset-cookie: x=y`,
  "control bytes around": (token) => `\u0001${token}\u007f`,
  "letters beyond ASCII": (token) => `${token}\u00ff`,
  "half a character": (token) => `${token}\ud800`,
  "percent signs": (token) => token.replace(".", "%2E"),
  "spaces within": (token) => token.replace(".", " ."),
};

async function ignored(engine, tokens) {
  equal(await verifyOverrides(tokens, { key: KEY, scope: SCOPE }), []);
  const offers = {
    "pointsman-override": tokens,
    cookie: `a=b; pointsman-override=${tokens}; c=d`,
  };
  for (const [name, value] of Object.entries(offers)) {
    const headers = headersOf({ [name]: value });
    if (headers === null) continue;
    equal(await preview(engine, headers), ["off"]);
  }
  equal(await preview(engine, {}, `?a=b&pointsman-override=${encodeURIComponent(tokens.toWellFormed?.() ?? "")}`), [
    "off",
  ]);
}

/** Null for what no request can have. */
function headersOf(entries) {
  try {
    return new Headers(entries);
  } catch {
    return null;
  }
}

/** The variants that a request is served. Its tokens end at the router, and a link sets a cookie only where they hold. */
async function preview(engine, headers, search = "") {
  const variants = [];
  const errors = [];
  const router = createRouter({
    // As no backend is there to ask, the request goes on to the origin.
    engine: {
      route(request, facts) {
        variants.push(engine.route(request, facts).evaluation.variant);
        return null;
      },
    },
    overrides: { key: KEY },
    passThrough: (request) => Response.json([request.url, ...request.headers]),
    onError: (error) => errors.push(String(error)),
  });
  const response = await router.fetch(new Request(`https://${SCOPE}/r${search}`, { headers }));
  equal([response.status, response.headers.get("set-cookie"), errors], [200, null, []]);
  equal((await response.text()).includes("pointsman-override"), false);
  return variants;
}

/** What may not be a visitor's id, or is another cookie's. */
const BAD_COOKIES = {
  nothing: () => "",
  "no name": () => "=good",
  "no value": () => "v=",
  "no equals sign": () => "v",
  "equals signs alone": () => "=".repeat(10_000),
  "semicolons alone": () => ";".repeat(10_000),
  "both by turns": () => "=;".repeat(5_000),
  "an equals sign too few": () => "v;good",
  "one quote": () => 'v="',
  "two quotes": () => 'v=""',
  "a quote within": () => 'v="go"od"',
  "a quote that stays open": () => 'v="good',
  "a space within": () => "v=go od",
  "a comma within": () => "v=go,od",
  "a backslash": () => "v=go\\od",
  "a NUL": () => "v=go\0od",
  "a tab": () => "v=go\tod",
  "a line end": () => "v=good\r\nset-cookie: x=y",
  "a delete": () => "v=good\u007f",
  "bytes that are no UTF-8, as HTTP hands them on": () => "v=\u00c3\u0028\u00ff",
  "half a character": () => "v=\ud800",
  "129 characters": () => `v=${"x".repeat(129)}`,
  "1 MB": () => `v=${"x".repeat(MB)}`,
  "1 MB before it": () => `x=${"x".repeat(MB)}; v=good`,
  "another name that ends so": () => "vv=good; -v=good",
  "another name that begins so": () => "v2=good",
  "in capitals": () => "V=good",
  "a thousand of the name, the first one empty": () => `v=;${"v=good;".repeat(1_000)}`,
  "a thousand of the name, the first one out of form": () => `v=a b;${"v=good;".repeat(1_000)}`,
};

const GOOD_COOKIES = {
  "among others": () => "a=b; v=good; c=d",
  quoted: () => 'v="good"',
  "a thousand of the name": () => `v=good;${"v=other;".repeat(1_000)}`,
  "behind rubbish": () => `;=;;\u0001;${"=".repeat(100)};v=good`,
};

const BAD_IDS = {
  empty: "",
  "an attribute of the cookie": "good; Domain=test",
  "a line end": "good\r\nset-cookie: x=y",
  "a NUL": "go\0od",
  "beyond ASCII": "gööd",
  "half a character": "\ud800",
  "129 characters": "x".repeat(129),
  "1 MB": "x".repeat(MB),
  "an object": { toString: () => "good" },
};

/** The visitor's id, and what sets it. */
function ids(engine, headers, freshId) {
  const get = (name) => headers[name] ?? null;
  const { visitorId, setCookie, evaluation } = engine.route(
    { url: `https://${SCOPE}/r`, method: "GET", headers: { get } },
    { freshId },
  );
  equal(evaluation.variant, "off");
  return [visitorId, setCookie];
}

function isFresh(engine, cookie) {
  const [id, setCookie] = ids(engine, { cookie }, FRESH);
  equal([id, setCookie?.startsWith(`v=${FRESH}; `)], [FRESH, true]);
  equal(ids(engine, { cookie }), [null, null]);
}

/** Read as it stands, or fresh. */
function sound(engine, headers) {
  const [id, setCookie] = ids(engine, headers, FRESH);
  equal(setCookie !== null, id === FRESH);
  if (id !== FRESH && !/^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,128}$/.test(id))
    throw new Error(JSON.stringify(id));
}
