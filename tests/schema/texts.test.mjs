/** The patterns of the published JSON Schema beside the engine's readers: texts of every form, and their neighbours. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createEngine } from "../../js/dist/full/node.js";
import { neighbours } from "./neighbours.mjs";

const schema = JSON.parse(readFileSync(new URL("../../js/schema/snapshot.schema.json", import.meta.url), "utf8"));
const accepts = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(schema);

/** At two problems a text, fewer than one snapshot may have: beyond, the engine counts them only. */
const BATCH = 450;

/** @typedef {(texts: string[]) => Record<string, unknown>} Place a snapshot with each text in a part of its own, in order */

/** @param {string} op @returns {Place} */
const valuesOf = (op) => (texts) => ({
  segments: Object.fromEntries(texts.map((text, at) => [at, { attribute: "a", op, values: [text] }])),
});

/** @param {(text: string) => Record<string, unknown>} members @returns {Place} */
const routesWith = (members) => (texts) => ({
  backends: { b: { origin: "https://b.example" } },
  routes: texts.map((text) => ({ name: "r", match: {}, backend: "b", fallback: "b", ...members(text) })),
});

/** @type {Place} */
const origins = (texts) => ({ backends: Object.fromEntries(texts.map((text, at) => [at, { origin: text }])) });

/** @param {(text: string) => Record<string, unknown>} members @returns {Place} */
const backendsWith = (members) => (texts) => ({
  backends: Object.fromEntries(texts.map((text, at) => [at, { origin: "https://b.example", ...members(text) }])),
});

/** @param {(text: string) => Record<string, unknown>} delay @returns {Place} */
const faultsWith = (delay) => {
  const fault = { name: "f", percentage: 5, until: "2026-01-31T09:00:00Z" };
  return routesWith((text) => ({ faults: [{ ...fault, delay: delay(text) }] }));
};

/** Beside a window and a `for` of one slot, whatever its length. @type {Place} */
const slots = (texts) => ({
  flags: Object.fromEntries(
    texts.map((slot, at) => [at, { enabled: true, guard: { window: "1ms", for: "1ms", slot } }]),
  ),
});

/** All the characters of one byte, and one more. */
const BYTES = Array.from({ length: 130 }, (_, code) => String.fromCharCode(code)).join("") + "é";

/** @type {Place} */
const pauses = (texts) => ({ flags: Object.fromEntries(texts.map((text, at) => [at, paused(text)])) });

/** @param {string} pausedAt */
const paused = (pausedAt) => ({
  enabled: true,
  rollout: { schedule: [{ at: "2026-01-01T00:00:00Z", percentage: 5 }], pausedAt },
});

/** @type {Record<string, { place: Place, alphabet: string, texts: string[] }>} */
const FORMS = {
  times: {
    place: pauses,
    alphabet: "0123469-+:.TtZz \n٣",
    texts: ["2026-01-31T09:00:00Z", "2024-02-29t23:59:60.5-23:59", "2000-02-29T00:00:00Z", "0000-12-30T12:30:30+00:00"],
  },
  "times to compare with": {
    place: valuesOf("before"),
    alphabet: "0123469-+:.TtZz \n",
    texts: ["1900-02-28T09:00:00.123Z", "2100-11-30T19:59:59+11:30", "1600-02-29T00:00:00Z"],
  },
  versions: {
    place: valuesOf("semVerEqual"),
    alphabet: "019.-+aZv_ \né",
    texts: ["1", "1.2", "10.0.3", "1.2.3-rc.1+b.01", "1-0a.--", "0.0.0+0"],
  },
  "address ranges": {
    place: valuesOf("ipInRange"),
    alphabet: "0129afFg.:/ \n%[",
    texts: [
      "10.0.0.0/8",
      "255.249.199.99/32",
      "::/0",
      "::1/128",
      "1:2:3:4:5:6:7:8",
      "1:2:3:4:5:6:7::/119",
      "::2:3:4:5:6:7:8",
      "1:2::5:6:7:8",
      "1:2:3:4:5:6:10.0.0.1",
      "1:2:3:4:5::10.0.0.1/99",
      "::ffff:10.0.0.0/104",
      "::3:4:5:6:7:1.2.3.4",
    ],
  },
  origins: {
    place: origins,
    alphabet: "016aAsx:/.[]-_+ \n?#@é",
    texts: ["https://stable.example", "http://a:80", "https://[::1]:65535", "http://[1::2.3.4.5]", "https://a_-:9999"],
  },
  hosts: {
    place: routesWith((host) => ({ match: { host } })),
    alphabet: "01aAg:.[]-_/* \né",
    texts: ["shop.example", "127.0.0.1", "[::1]", "[a:b.c]", "_x-y"],
  },
  paths: {
    place: routesWith((path) => ({ match: { path } })),
    alphabet: BYTES,
    texts: ["/", "*", "/a%20b*", "/a/*"],
  },
  "path prefixes": {
    place: backendsWith((pathPrefix) => ({ pathPrefix })),
    alphabet: BYTES,
    texts: ["/v2", "/a%20b/c", "//"],
  },
  "names of headers": {
    place: backendsWith((name) => ({ headers: { [name]: "a" } })),
    alphabet: BYTES,
    texts: ["x-release", "a"],
  },
  "names of headers that are not to be set": {
    place: backendsWith((name) => ({ headers: { [name]: "a" } })),
    alphabet: "a-x",
    texts: [
      ...["connection", "content-length", "expect", "forwarded", "host", "keep-alive", "proxy-authenticate"],
      ...["proxy-authorization", "proxy-connection", "sec-websocket-key", "te", "trailer", "transfer-encoding"],
      ...["upgrade", "via", "x-real-ip", "pointsman", "pointsman-a", "x-forwarded-for"],
    ],
  },
  "values of headers": {
    place: backendsWith((value) => ({ headers: { a: value } })),
    alphabet: BYTES,
    texts: ["a b", "~", "!"],
  },
  timeouts: {
    place: backendsWith((timeout) => ({ timeout })),
    alphabet: "01569msdhw. \n-+",
    texts: ["1ms", "599999ms", "600000ms", "1s", "600s", "599s", "10m", "9m", "000000010m", "1h", "1d"],
  },
  "slots of guards": {
    place: slots,
    alphabet: "0135679msdhw. \n-+",
    texts: ["100ms", "99ms", "3600000ms", "3599999ms", "1s", "3600s", "3599s", "60m", "59m", "1h", "000000001h", "1d"],
  },
  "delays of faults": {
    place: faultsWith((fixed) => ({ fixed })),
    alphabet: "012569msdhw. \n-+",
    texts: ["0ms", "1ms", "300000ms", "299999ms", "0s", "300s", "299s", "5m", "0h", "0d", "000000005m"],
  },
  "jitter of faults": {
    place: faultsWith((jitter) => ({ fixed: "0s", jitter })),
    alphabet: "012569msdhw. \n-+",
    texts: ["0ms", "300000ms", "299s", "5m", "0h"],
  },
  methods: {
    place: routesWith((method) => ({ match: { methods: [method] } })),
    alphabet: "AZaz-_ 0\né",
    texts: ["GET", "M-SEARCH"],
  },
  "names of cookies": {
    place: routesWith((cookie) => ({ visitor: { cookie, maxAge: "1d" } })),
    alphabet: BYTES,
    texts: ["vid", "__Host-v"],
  },
  "ages of cookies": {
    place: routesWith((maxAge) => ({ visitor: { cookie: "c", maxAge } })),
    alphabet: "0134569msdhw. \n-+",
    texts: ["1s", "1000ms", "999999999ms", "400d", "9600h", "576000m", "34560000s", "34559999s", "000000001d"],
  },
  names: {
    place: routesWith((name) => ({ name })),
    alphabet: "a \n\0\u001f\u007f\u0080\u009f\u00a0\u2028é😀",
    texts: ["a", "größe"],
  },
};

/** Which texts the engine refuses, by the places that its problems name. @param {Place} place @param {string[]} texts */
async function refusedByEngine(place, texts) {
  try {
    await createEngine({ snapshot: JSON.stringify(place(texts)), strict: true });
    return new Set();
  } catch (error) {
    const { problems } = /** @type {import("../../js/src/errors.js").PointsmanError} */ (error);
    return new Set(problems.map(({ pointer }) => Number(pointer.split("/")[2])));
  }
}

/** @param {Place} place @param {string[]} texts */
async function compared(place, texts) {
  const count = { taken: 0, refused: 0 };
  const disagreements = [];
  for (let from = 0; from < texts.length; from += BATCH) {
    const batch = texts.slice(from, from + BATCH);
    const refused = await refusedByEngine(place, batch);
    for (const [at, text] of batch.entries()) {
      const taken = accepts(place([text]));
      count[taken ? "taken" : "refused"]++;
      if (taken === refused.has(at))
        disagreements.push(`${JSON.stringify(text)}: the schema ${taken ? "takes" : "refuses"} it`);
    }
  }
  return { count, disagreements };
}

for (const [form, { place, alphabet, texts }] of Object.entries(FORMS)) {
  test(`${form}: the schema and the engine take the same texts`, async () => {
    const { count, disagreements } = await compared(place, [...neighbours(texts, [...alphabet])]);
    const first = disagreements.slice(0, 20).join("\n");
    assert.equal(disagreements.length, 0, `${disagreements.length} disagreements:\n${first}`);
    assert.ok(count.taken >= texts.length && count.refused > 10, JSON.stringify(count));
  });
}
