/** What changing one small thing does not reach: lists and objects as long as they may be, and longer by one; names of members. */
import { readFileSync } from "node:fs";

const limits = readFileSync(new URL("../../src/limits.rs", import.meta.url), "utf8");

/** A bound of the engine. @param {string} name */
function limit(name) {
  const found = new RegExp(`pub const ${name}: \\w+ = ([0-9_]+);`).exec(limits);
  if (found?.[1] === undefined) throw new Error(`src/limits.rs has no ${name}`);
  return Number(found[1].replaceAll("_", ""));
}

/** @param {number} count @param {unknown} value */
const list = (count, value) => Array.from({ length: count }, () => value);

/** So many members, or one more with another name. @param {number} count @param {unknown} value */
const map = (count, value) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, value]));

/** @param {object} members */
const flag = (members) => ({ flags: { f: { enabled: true, ...members } } });

/** @param {object} members */
const rollout = (members) => flag({ rollout: members });

/** @param {object} condition */
const segment = (condition) => ({ segments: { s: condition } });

/** @param {object} members @param {object} match */
const route = (members, match = {}) => ({ name: "r", match, backend: "b", fallback: "b", ...members });
const backends = { b: { origin: "https://b.example" } };

/** @param {number} count */
const steps = (count) =>
  Array.from({ length: count }, (_, at) => ({ at: new Date(at * 1_000).toISOString(), percentage: 5 }));

/** @param {object} members */
const toFlag = (members) => {
  const own = { name: "r", match: {}, flag: "f", backends: members, fallback: "b" };
  return {
    backends,
    flags: { f: { enabled: true, variants: members, onVariant: "n0", offVariant: "n0" } },
    routes: [own],
  };
};

/** Each with a name of its own. @param {number} count */
const faults = (count) =>
  Array.from({ length: count }, (_, at) => ({
    name: `f${at}`,
    percentage: 5,
    until: "2026-01-31T09:00:00Z",
    abort: { status: 503 },
  }));

const percentage = { percentage: 5 };
const exists = { attribute: "a", op: "exists" };

/** Each object from names: a snapshot with these members in it. @type {Record<string, [string, unknown, (members: any) => unknown]>} */
const MAPS = {
  segments: ["SEGMENTS", exists, (segments) => ({ segments })],
  layers: ["LAYERS", {}, (layers) => ({ layers })],
  flags: ["FLAGS", { enabled: true }, (flags) => ({ flags })],
  backends: ["BACKENDS", backends.b, (members) => ({ backends: members })],
  "headers of a backend": ["HEADERS", "a", (headers) => ({ backends: { b: { ...backends.b, headers } } })],
  variants: ["VARIANTS", 1, (variants) => flag({ variants, onVariant: "n0", offVariant: "n0" })],
  whitelist: [
    "VARIANTS",
    [],
    (whitelist) => flag({ variants: whitelist, onVariant: "n0", offVariant: "n0", whitelist, rolloutPercentage: 0 }),
  ],
  metadata: ["VARIANTS", 1, (metadata) => flag({ metadata })],
  "backends of a route": ["VARIANTS", "b", toFlag],
};

/** Each list: a snapshot with so many entries. @type {Record<string, [string, (count: number) => unknown]>} */
const LISTS = {
  routes: ["ROUTES", (count) => ({ backends, routes: list(count, route({})) })],
  methods: ["METHODS", (count) => ({ backends, routes: [route({}, { methods: list(count, "GET") })] })],
  faults: ["FAULTS", (count) => ({ backends, routes: [route({ faults: faults(count) })] })],
  rules: ["RULES", (count) => flag({ rules: list(count, { if: exists, serve: "on" }) })],
  steps: ["STEPS", (count) => rollout({ schedule: steps(count) })],
  arms: ["VARIANTS", (count) => rollout({ split: list(count, { variant: "on", weight: 1 }) })],
  "whitelisted ids": ["LIST", (count) => flag({ whitelistUsers: list(count, "a"), rolloutPercentage: 0 })],
  values: ["LIST", (count) => segment({ attribute: "a", op: "in", values: list(count, 7) })],
  "conditions of all": ["CONDITIONS", (count) => segment({ all: list(count, exists) })],
  "conditions of any": ["CONDITIONS", (count) => segment({ any: list(count, exists) })],
  "names of is": [
    "VARIANTS",
    (count) => ({ flags: { f: { enabled: true } }, segments: { s: { flag: "f", is: list(count, "on") } } }),
  ],
  "names of bucketBy": ["BUCKET_BY", (count) => flag({ bucketBy: list(count, "userId") })],
};

/** @param {object} members */
const guard = (members) => flag({ guard: members });

/** @param {object} members */
const fault = (members) => {
  const own = { name: "f", percentage: 5, until: "2026-01-31T09:00:00Z", abort: { status: 503 }, ...members };
  return { backends, routes: [route({ faults: [own] })] };
};

/** Each number: a snapshot with it, the least and the most that it may be, and what is too much by so much. @type {Record<string, [(number: number) => unknown, number, number, number]>} */
const NUMBERS = {
  "errorRate.max": [(max) => guard({ errorRate: { max } }), 0.0001, 1, 0.000001],
  "errorRate.overControl": [(overControl) => guard({ errorRate: { overControl } }), 0, 1, 0.000001],
  "latency.quantile": [(quantile) => guard({ latency: { quantile } }), 0.5, 0.999, 0.0001],
  "latency.overControl": [(overControl) => guard({ latency: { overControl } }), 1, 100, 0.0001],
  minRequests: [(minRequests) => guard({ minRequests }), 1, 1e9, 1],
  confidence: [(confidence) => guard({ confidence }), 0.5, 0.999999, 0.0000001],
  consecutiveFailures: [(consecutiveFailures) => guard({ consecutiveFailures }), 0, 1_000, 1],
  generation: [(generation) => guard({ generation }), 0, Number.MAX_SAFE_INTEGER, 1],
  "a fault's percentage": [(percentage) => fault({ percentage }), 0, 100, 0.001],
  "a fault's status": [(status) => fault({ abort: { status } }), 200, 599, 1],
  maxActive: [(maxActive) => fault({ maxActive }), 1, 1e9, 1],
};

/** @typedef {{ what: string, snapshot: unknown, fits: boolean }} Extreme */

/** @returns {Generator<Extreme>} */
function* all() {
  for (const [what, [bound, value, snapshot]] of Object.entries(MAPS)) {
    const most = limit(bound);
    yield { what: `${most} ${what}`, snapshot: snapshot(map(most, value)), fits: true };
    yield { what: `${most + 1} ${what}`, snapshot: snapshot(map(most + 1, value)), fits: false };
    yield { what: `${what} without a name`, snapshot: snapshot({ n0: value, "": value }), fits: false };
    yield {
      what: `${what} named by control characters`,
      snapshot: snapshot({ n0: value, "\u0085": value }),
      fits: false,
    };
    yield { what: `${what} named as a member to ignore`, snapshot: snapshot({ n0: value, "x-": value }), fits: true };
    yield {
      what: `${what} named x-, of no form`,
      snapshot: snapshot({ n0: value, "x-": null }),
      fits: what === "variants",
    };
  }
  for (const [what, [bound, snapshot]] of Object.entries(LISTS)) {
    const most = limit(bound);
    yield { what: `${most} ${what}`, snapshot: snapshot(most), fits: true };
    yield { what: `${most + 1} ${what}`, snapshot: snapshot(most + 1), fits: false };
  }
  for (const [what, [snapshot, least, most, more]] of Object.entries(NUMBERS)) {
    for (const number of [least, most]) yield { what: `${what} ${number}`, snapshot: snapshot(number), fits: true };
    for (const number of [least - more, most + more])
      yield { what: `${what} ${number}`, snapshot: snapshot(number), fits: false };
  }
  const variants = { b: 1, off: 2 };
  for (const [form, fits] of /** @type {[object, boolean][]} */ ([
    [percentage, false],
    [{ ...percentage, variant: "b" }, true],
    [{ ...percentage, split: [{ variant: "b", weight: 1 }] }, true],
  ])) {
    const rules = [{ if: exists, rollout: form }];
    const what = `a rule's rollout by ${Object.keys(form).join(" and ")}, without a variant on`;
    yield { what, snapshot: flag({ variants, rollout: { variant: "b" }, rules }), fits };
  }
}

/** @param {unknown} hashedLists */
const hashing = (hashedLists, fits = false) => ({
  what: `hashedLists of ${JSON.stringify(hashedLists)}`,
  snapshot: { hashedLists },
  fits,
});

export const extremes = [
  ...all(),
  hashing({ salt: "pepper", "x-note": 1 }, true),
  hashing("pepper"),
  hashing({}),
  hashing({ salt: "" }),
  hashing({ salt: "pepper", algorithm: "md5" }),
];
