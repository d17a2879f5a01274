/** Snapshots whose flags look at many attributes in many ways. */
import { MANY, NAMES, NUMBERS, RANGES, TIMES, UNIT, VERSIONS } from "./pools.mjs";

/** @typedef {import("./random.mjs").Random} Random */
/** What the parts of one snapshot share. @typedef {{ random: Random, names: readonly string[], texts: readonly string[] }} Drawn */

const OF_TEXTS = ["in", "startsWith", "endsWith", "contains"];
const OF_NUMBERS = ["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"];
const OF_VERSIONS = ["Equal", "LessThan", "LessThanOrEqual", "GreaterThan", "GreaterThanOrEqual"];

/** The names that a snapshot's flags ask for: from one to forty. @param {Random} random */
export function namesOf(random) {
  const unit = random.chance(70) ? UNIT.slice(0, 1 + random.below(3)) : [];
  const plain = random.shuffled(NAMES).slice(0, 1 + random.below(random.chance(60) ? 6 : NAMES.length));
  const many = random.chance(25) ? MANY.slice(0, random.below(MANY.length + 1 - unit.length)) : [];
  return random.shuffled([...new Set([...unit, ...plain, ...many])]).slice(0, 40);
}

/** @param {Drawn} drawn */
export function snapshotOf(drawn) {
  const { random } = drawn;
  const flags = random.several(1, 6, (at) => [`flag${at}`, flag(drawn)]);
  return { salt: random.pick(["", "pepper"]), flags: Object.fromEntries(flags) };
}

/** @param {Drawn} drawn */
function flag(drawn) {
  const { random } = drawn;
  const variants = random.chance(30) ? { variants: { on: "yes", off: [null], third: 7 } } : {};
  const rules = random.chance(75) ? { rules: random.several(1, 3, (at) => rule(drawn, at)) } : {};
  const bucketBy = random.chance(35) ? { bucketBy: bucketByOf(drawn) } : {};
  return { enabled: !random.chance(2), ...variants, ...bucketBy, ...rules, ...whoIsIn(drawn, "variants" in variants) };
}

/** @param {Drawn} drawn */
function bucketByOf({ random, names }) {
  return random.chance(30) ? random.pick(names) : random.shuffled([...names]).slice(0, 1 + random.below(4));
}

/** A whitelist needs a rollout beside it. @param {Drawn} drawn @param {boolean} hasThird */
function whoIsIn({ random, texts }, hasThird) {
  const listed = random.shuffled([...texts, "42", "-7", "9007199254740991"]).slice(0, 1 + random.below(4));
  const whitelist = random.chance(50) ? { whitelist: { on: listed.filter((id) => id !== "") } } : {};
  const rollout = random.chance(40) && hasThird ? split(random) : { percentage: percentage(random) };
  return random.chance(80) ? { ...whitelist, rollout } : {};
}

/** @param {Random} random */
function split(random) {
  return { split: ["on", "third", "off"].map((variant) => ({ variant, weight: 1 + random.below(5) })) };
}

/** @param {Random} random */
function percentage(random) {
  return random.pick([0, 100, 50, 33.3, 0.001, random.below(101)]);
}

/** @param {Drawn} drawn @param {number} at */
function rule(drawn, at) {
  const { random } = drawn;
  const outcome = random.chance(70)
    ? { serve: random.pick(["on", "off"]) }
    : { rollout: { percentage: percentage(random), salt: `rule${at}` }, onMiss: random.pick(["off", "continue"]) };
  return { if: condition(drawn, random.chance(10) ? 12 : 2), ...outcome };
}

/** @param {Drawn} drawn @param {number} width - of `all` and `any`, at most. @returns {object} */
function condition(drawn, width) {
  const { random } = drawn;
  if (random.chance(20)) return { not: condition(drawn, width) };
  if (random.chance(30)) return { [random.pick(["all", "any"])]: random.several(1, width * 2, () => test(drawn)) };
  if (random.chance(5))
    return { bucket: { percentage: percentage(random), salt: "wave", bucketBy: bucketByOf(drawn) } };
  return test(drawn);
}

/** @param {Drawn} drawn */
function test(drawn) {
  const { random, names } = drawn;
  const attribute = random.pick(names);
  if (random.chance(15)) return { attribute, op: "exists" };
  const [op, values] = random.pick(TESTS)(drawn);
  return { attribute, op, values };
}

/** An operator, and what it compares with. @type {readonly ((drawn: Drawn) => [string, unknown[]])[]} */
const TESTS = [
  ({ random, texts }) => [random.pick(OF_TEXTS), some(random, texts)],
  ({ random, texts }) => [random.pick(OF_TEXTS), some(random, texts.map((text) => Array.from(text).slice(0, 3).join("")))],
  ({ random, texts }) => ["in", some(random, [...texts, ...NUMBERS, true, false])],
  ({ random }) => [random.pick(OF_NUMBERS), some(random, NUMBERS)],
  ({ random }) => [random.pick(["before", "after"]), some(random, TIMES)],
  ({ random }) => [`semVer${random.pick(OF_VERSIONS)}`, some(random, VERSIONS)],
  ({ random }) => ["ipInRange", some(random, RANGES)],
]; // prettier-ignore

/** @param {Random} random @param {readonly unknown[]} values */
function some(random, values) {
  return random.several(0, 4, () => random.pick(values));
}
