// @ts-nocheck: this calls on purpose what the types forbid.
/** Inputs that are large, or chosen to be costly: what becomes of them. What they cost is in `floods.test.mjs`, as workerd's clock stands still. */
import { collidingIds } from "./collisions.mjs";

export const COLLIDING = collidingIds(1_500);

/** Regular expressions that would take long to compile or to match. */
const TOO_LARGE = {
  "counted repetitions of counted repetitions": "(a{1000}){1000}",
  "ten levels of counted repetitions": `${"(".repeat(10)}a${"{9})".repeat(10)}`,
  "a repetition of nothing": "(?:){4000000000}",
  "20,000 alternatives": Array.from({ length: 20_000 }, (_, i) => `a${i}`).join("|"),
  "1 MB": "a".repeat(1 << 20),
  "10,000 times anything": "(?:.*){10000}b",
  "1,000 groups within each other": "(".repeat(1_000) + ")".repeat(1_000),
};

/** A flag that is on for whoever's attribute `v` the operator takes. */
export const asking = (op, values) => {
  const rules = [{ if: { attribute: "v", op, values }, serve: "on" }];
  return { flags: { f: { enabled: true, rules, rollout: { percentage: 0 } } } };
};

/** One flag with these ids. */
export const listing = (ids) => ({ flags: { f: { enabled: true, rolloutPercentage: 0, whitelistUsers: ids } } });

const large = (name) => `{"flags":{"f":{"enabled":true,"rolloutPercentage":0}},${name}}`;
const members = (count) => `{${Array.from({ length: count }, (_, i) => `"m${i}":0`).join()}}`;

/** Snapshots that are taken, and serve everybody the off variant. */
const TAKEN = {
  "100,000 members in one object": () => large(`"x-a":${members(100_000)}`),
  "a number of 1,000,000 digits behind its point": () => large(`"x-a":0.${"1".repeat(1_000_000)}`),
  "minus zero": () => large(`"x-a":-0`),
  "a text of 7 MB": () => large(`"x-a":"${"x".repeat(7 << 20)}"`),
};

/** Snapshots that are refused. */
const REFUSED = {
  "a number of 1,000,000 digits": () => large(`"x-a":${"1".repeat(1_000_000)}`),
  "more than a double holds": () => large(`"x-a":1e999`),
  "1,000,000 levels": () => large(`"x-a":${"[".repeat(1_000_000)}`),
  "a text of 9 MB": () => large(`"x-a":"${"x".repeat(9 << 20)}"`),
  "a field's name of 4 MB": () => large(`"${"x".repeat(4 << 20)}":0`),
};

/** Visitors that bring more than there is room for. */
const VISITORS = {
  "an id of 1 MB": () => ({ userId: "x".repeat(1 << 20) }),
  "100,000 attributes": () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`a${i}`, i])),
  "100,000 elements": () => ({ userId: "u", v: new Array(100_000).fill("x") }),
};

/** @param {{ createEngine: Function, PointsmanError: Function }} module @param {boolean} full @returns {Promise<string[]>} what went wrong */
export async function runFloods({ createEngine, PointsmanError }, full) {
  const failures = [];
  const expect = (name, met) => met || failures.push(name);
  for (const [name, make] of Object.entries(TAKEN)) {
    const engine = await createEngine({ snapshot: make() });
    expect(name, engine.problems.length === 0 && engine.evaluate("f", { userId: "u" }).variant === "off");
  }
  for (const [name, make] of Object.entries(REFUSED)) {
    const error = await createEngine({ snapshot: make() }).catch((reason) => reason);
    expect(name, error instanceof PointsmanError);
  }
  const asked = await createEngine({ snapshot: asking("in", ["yes"]) });
  for (const [name, make] of Object.entries(VISITORS)) expect(name, asked.evaluate("f", make()).variant === "off");
  if (full) await patterns(createEngine, expect);
  await collisions(createEngine, expect);
  headers(await createEngine({ snapshot: ROUTED }), expect);
  return failures;
}

/** Each breaks its flag alone. */
async function patterns(createEngine, expect) {
  for (const [name, pattern] of Object.entries(TOO_LARGE)) {
    const { flags } = asking("matches", [pattern]);
    const engine = await createEngine({ snapshot: { flags: { ...flags, other: { enabled: true } } } });
    expect(name, engine.problems[0]?.code === "INVALID_VALUE" && engine.problems.length === 1);
    expect(`${name}: off`, !engine.isEnabled("f", { userId: "u", v: "a" }) && engine.isEnabled("other", {}));
  }
}

/** All but the first are listed, half of them on another list. */
async function collisions(createEngine, expect) {
  const [stranger, ...ids] = COLLIDING;
  const flag = (own) => listing(own).flags.f;
  const half = ids.length >> 1;
  const engine = await createEngine({ snapshot: { flags: { f: flag(ids.slice(0, half)), g: flag(ids.slice(half)) } } });
  const wrong = ids.filter((userId, i) => {
    return engine.isEnabled("f", { userId }) !== i < half || engine.isEnabled("g", { userId }) !== i >= half;
  });
  expect(`${wrong.length} of ${ids.length} colliding ids`, wrong.length === 0);
  expect("a colliding id that is not listed", !engine.isEnabled("f", { userId: stranger }));
}

const ROUTED = {
  flags: listing(["alice"]).flags,
  backends: { a: { origin: "http://a.test" }, b: { origin: "http://b.test" } },
  routes: [
    {
      name: "header",
      match: { path: "/h", if: { attribute: "request.header.x-v", op: "exists" } },
      backend: "b",
      fallback: "b",
    },
    {
      name: "cookie",
      match: { if: { attribute: "request.cookie.c", op: "in", values: ["last"] } },
      backend: "b",
      fallback: "b",
    },
    { name: "rest", match: {}, backend: "a", fallback: "a" },
  ],
};

/** Of cookies of one name the first counts; a header of over 16,384 characters is not looked at. */
function headers(engine, expect) {
  const routed = (path, entries) =>
    engine.route({ url: `http://x.test${path}`, method: "GET", headers: new Headers(entries) })?.route;
  const many = Array.from({ length: 20_000 }, (_, i) => [`x-${i}`, "v"]);
  expect("20,000 headers", routed("/h", many) === "rest" && routed("/h", [...many, ["x-v", "1"]]) === "header");
  expect("2,000 cookies of one name", routed("/", { cookie: `${"c=a;".repeat(2_000)}c=last` }) === "rest");
  expect("cookies of 1 MB", routed("/", { cookie: `c=last;${"d=\u00ff;".repeat(1 << 18)}` }) === "rest");
}
