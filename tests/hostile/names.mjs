// @ts-nocheck: what an engine is differs from build to build.
/** Floods of names, made to collide in whatever index they go to: each still means what it names. */
import { equal } from "./check.mjs";
import { collidingIds } from "./collisions.mjs";

const printable = collidingIds(4_000).filter((id) => /^[!#-[\]-~]+$/.test(id));

/** So many names of a kind. */
const NAMES = {
  // V8 hashes texts that are integers by their value: of these all lower bits are equal, by which a `Map` finds its bucket.
  "integers with equal lower bits": (count) => Array.from({ length: count }, (_, i) => String(1_000_000 + i * 1_024)),
  "texts with one prefix of 200 bytes": (count) => Array.from({ length: count }, (_, i) => "p".repeat(200) + i),
  "texts whose XXH64 collide in their upper half": (count) => {
    if (count > printable.length) throw new RangeError(`only ${printable.length} names`);
    return printable.slice(0, count);
  },
  "texts that differ in their order alone": (count) => permutations(count),
};

/** A hash that adds characters up can't tell these apart. */
function permutations(count) {
  return Array.from({ length: count }, (_, i) => {
    const letters = [..."abcdefgh"];
    let text = "";
    for (let rest = i; letters.length > 0;) {
      text += letters.splice(rest % letters.length, 1)[0];
      rest = Math.floor(rest / (letters.length + 1));
    }
    return text;
  });
}

const asking = (attribute) => ({
  enabled: true,
  rules: [{ if: { attribute, op: "in", values: ["yes"] }, serve: "on" }],
  rollout: { percentage: 0 },
});

/** Flags of these names, each of which asks for the attribute of its name. */
const flagsOf = (names) => JSON.stringify({ flags: Object.fromEntries(names.map((name) => [name, asking(name)])) });

/** @param {{ createEngine: Function, PointsmanError: Function }} module @param {import("./check.mjs").Check} check */
export async function runNames({ createEngine, PointsmanError }, check) {
  for (const [kind, make] of Object.entries(NAMES)) {
    await check(`flags and attributes: ${kind}`, () => flagsAndAttributes(createEngine, make(250)));
    await check(`request headers: ${kind}`, () => headers(createEngine, make(250).map(headerName)));
  }
  const names = NAMES["integers with equal lower bits"](10_001);
  const flags = Object.fromEntries(names.map((name) => [name, { enabled: true }]));
  for (const [name, snapshot] of Object.entries({ flags: { flags }, attributes: flagsOf(names.slice(0, 1_025)) })) {
    await check(`more ${name} than there may be`, async () => {
      const error = await createEngine({ snapshot }).catch((reason) => reason);
      equal([error instanceof PointsmanError, error.problems[0].code], [true, "LIMIT_EXCEEDED"]);
    });
  }
}

async function flagsAndAttributes(createEngine, names) {
  const engine = await createEngine({ snapshot: flagsOf(names) });
  equal(engine.problems, []);
  const everything = Object.fromEntries(names.map((name) => [name, "no"]));
  for (const name of [names[0], names[names.length >> 1], names.at(-1)]) {
    const context = { ...everything, [name]: "yes" };
    equal(
      names.filter((key) => engine.isEnabled(key, context)),
      [name],
    );
    const on = [...engine.evaluateAll(context)].filter(([, { variant }]) => variant === "on");
    equal(
      on.map(([key]) => key),
      [name],
    );
  }
  equal(engine.evaluate("not there", everything).errorCode, "FLAG_NOT_FOUND");
}

/** What is no letter in a header's name, as another one. */
function headerName(name, at) {
  return `x-${at}-${name.replace(/[^\w-]/g, "-").toLowerCase()}`;
}

/** One route for each, that wants the header of its name. */
async function headers(createEngine, names) {
  const route = (name) => ({
    name,
    match: { if: { attribute: `request.header.${name}`, op: "exists" } },
    backend: "a",
    fallback: "a",
  });
  const engine = await createEngine({
    snapshot: { backends: { a: { origin: "http://a.test" } }, routes: names.map(route) },
  });
  equal(engine.problems, []);
  const routed = (given) => engine.route({ url: "http://x.test/", method: "GET", headers: new Headers(given) })?.route;
  for (const name of [names[0], names.at(-1)]) equal(routed({ [name]: "1" }), name);
  equal(routed(Object.fromEntries(names.map((name) => [name, "1"]))), names[0]);
  equal(routed({ "x-other": "1" }), undefined);
}
