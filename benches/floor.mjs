/**
 * The floor: what one would write by hand for these flags and no others. A Map look-up, a Set for the list, comparisons for the
 * rule, murmur3, a comparison with the share. No JSON and no allocation a call. Runs wherever JavaScript does.
 */

/** @typedef {import("./workload.mjs").Definition} Definition */
/** @typedef {import("./workload.mjs").Visitor} Visitor */
/** The id is enough for flags without a rule. @typedef {Pick<Visitor, "id"> & Partial<Visitor>} Context */

const LINE = 2 ** 32;
const ZERO = 48;
const DOT = 46;

/** @param {Definition[]} definitions */
export function createFloor(definitions) {
  const flags = new Map(definitions.map((definition) => [definition.key, compile(definition)]));

  /** @param {string} key @param {Context} context */
  const value = (key, context) => {
    const flag = flags.get(key);
    return flag === undefined ? undefined : decide(flag, context);
  };
  return {
    value,
    /** @param {string} key @param {Context} context */
    isEnabled: (key, context) => value(key, context) === true,
  };
}

/** @typedef {ReturnType<typeof compile>} Flag */

/** @param {Definition} definition */
function compile({ key, variants, on, off, percentage, listed, rule, split }) {
  return {
    on: variants[on],
    off: variants[off],
    seed: murmur3(key, 0),
    threshold: (percentage / 100) * LINE,
    listed: listed === null ? null : new Set(listed),
    rule: rule === null ? null : compileRule(rule),
    split: split === null ? null : compileSplit(split, variants, percentage),
  };
}

/** @param {import("./workload.mjs").Rule} rule */
const compileRule = ({ countries, plan, atLeast }) => ({
  countries: new Set(countries),
  plan,
  atLeast: atLeast.split(".").map(Number),
});

/** @param {import("./workload.mjs").Part[]} split @param {Record<string, any>} variants @param {number} percentage */
function compileSplit(split, variants, percentage) {
  const total = split.reduce((sum, { weight }) => sum + weight, 0);
  let sum = 0;
  return split.map(({ variant, weight }) => {
    sum += weight;
    return { upTo: (sum / total) * (percentage / 100) * LINE, value: variants[variant] };
  });
}

/** @param {Flag} flag @param {any} context */
function decide(flag, context) {
  const { id } = context;
  if (typeof id !== "string" || id === "") return flag.off;
  if (flag.listed !== null && flag.listed.has(id)) return flag.on;
  if (flag.rule !== null && !matches(flag.rule, context)) return flag.off;
  const point = murmur3(id, flag.seed);
  if (point >= flag.threshold) return flag.off;
  return flag.split === null ? flag.on : pick(flag.split, point);
}

/** @param {NonNullable<Flag["rule"]>} rule @param {Visitor} context */
const matches = ({ countries, plan, atLeast }, context) =>
  countries.has(context.country) && context.plan === plan && isAtLeast(context.appVersion, atLeast);

/** Compares dotted numbers part by part, without cutting the text. @param {string} version @param {number[]} least */
function isAtLeast(version, least) {
  let at = 0;
  for (let part = 0; part < least.length; part++) {
    let number = 0;
    for (let code; at < version.length && (code = version.charCodeAt(at)) !== DOT; at++)
      number = number * 10 + code - ZERO;
    if (number !== least[part]) return number > least[part];
    at++;
  }
  return true;
}

/** @param {NonNullable<Flag["split"]>} split @param {number} point */
function pick(split, point) {
  const last = split.length - 1;
  for (let i = 0; i < last; i++) if (point < split[i].upTo) return split[i].value;
  return split[last].value;
}

/** MurmurHash3_x86_32 of a text of ASCII characters. @param {string} text @param {number} seed */
function murmur3(text, seed) {
  const { length } = text;
  const whole = length & ~3;
  let hash = seed;
  for (let i = 0; i < whole; i += 4) {
    let block =
      text.charCodeAt(i) |
      (text.charCodeAt(i + 1) << 8) |
      (text.charCodeAt(i + 2) << 16) |
      (text.charCodeAt(i + 3) << 24);
    block = Math.imul(block, 0xcc9e2d51);
    block = Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash ^= block;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (whole < length) {
    let block = 0;
    for (let i = length - 1; i >= whole; i--) block = (block << 8) | text.charCodeAt(i);
    block = Math.imul(block, 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
  }
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
