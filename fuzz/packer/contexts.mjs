/** Contexts as plans, which can be printed, made smaller and built again: see `build.mjs`. */
import { ADDRESSES, NUMBERS, TIMES, UNIT, VERSIONS, brokenText, text } from "./pools.mjs";
import { ODD } from "./build.mjs";

/** @typedef {import("./build.mjs").Plan} Plan */
/** @typedef {import("./snapshots.mjs").Drawn} Drawn */

const FORMS = ["plain", "plain", "plain", "bare", "class", "getters", "inherited", "proxy"];
/** The longest string that is packed, in bytes, and the longest list. */
const [STRING, LIST] = [16_384, 1_024];
const LONG = [100, 9_000, 16_000, STRING - 1, STRING, STRING + 1];

/** One visitor. @param {Drawn} drawn @returns {Plan} */
export function contextOf(drawn) {
  const { random, names } = drawn;
  if (random.chance(2)) return leaf(drawn);
  if (random.chance(3)) return { odd: random.pick(Object.keys(ODD)) };
  if (random.chance(25)) return { as: "plain", members: [[random.pick(UNIT), id(drawn)]] };
  if (random.chance(6)) return { as: "plain", members: names.map((name) => [name, long(random)]) };
  if (random.chance(4)) return { as: "plain", members: full(drawn) };
  const known = random.shuffled([...names]).slice(0, random.below(names.length + 1));
  return { as: random.pick(FORMS), members: known.flatMap((name) => placed(drawn, name)) };
}

/** A name with dots lies under an exact key, on a path, or both. @param {Drawn} drawn @param {string} name @returns {[string, Plan][]} */
function placed(drawn, name) {
  const { random } = drawn;
  const [first, ...rest] = name.split(".");
  if (rest.length === 0) return [[name, random.chance(30) ? id(drawn) : value(drawn)]];
  /** @type {[string, Plan]} */
  const exact = [name, value(drawn)];
  /** @type {[string, Plan]} */
  const path = [/** @type {string} */ (first), nested(drawn, rest)];
  return random.pick([[exact], [path], [exact, path]]);
}

/** @param {Drawn} drawn @param {readonly string[]} path @returns {Plan} */
function nested(drawn, [name, ...rest]) {
  if (name === undefined || drawn.random.chance(8)) return value(drawn);
  return { as: drawn.random.pick(FORMS), members: [[name, nested(drawn, rest)], ...members(drawn)] };
}

/** @param {Drawn} drawn @returns {[string, Plan][]} */
function members(drawn) {
  return drawn.random.several(0, 2, () => [drawn.random.pick([...drawn.names, "code", "x"]), value(drawn)]);
}

/** @param {Drawn} drawn @returns {Plan} */
function id(drawn) {
  const { random } = drawn;
  return random.chance(70) ? words(drawn) : random.pick([42, -7, 2 ** 53 - 1, 2 ** 53, 1.5, "", null, { odd: "-0" }]);
}

/** @param {Drawn} drawn @returns {Plan} */
function words({ random, texts }) {
  if (random.chance(45)) return random.pick(texts);
  return random.chance(15) ? brokenText(random) : text(random);
}

/** Half a dozen of these fill the region. @param {import("./random.mjs").Random} random @returns {Plan} */
function long(random) {
  return { repeat: [random.pick(["x", "é", "日", "🚂", "ab日", "\ud800"]), random.pick(LONG)] };
}

/** Four texts that end where the region does, or about there: before them are slots for all attributes and for a request's facts. @param {Drawn} drawn @returns {[string, Plan][]} */
function full({ random, names }) {
  const last = STRING - 16 * (names.length + 7) - 40 + random.below(80);
  const [short, ...whole] = random.shuffled([...names]).slice(0, 4);
  return [...whole.map((name) => lasting(name, STRING)), lasting(/** @type {string} */ (short), last)];
}

/** @param {string} name @param {number} bytes @returns {[string, Plan]} */
function lasting(name, bytes) {
  return [name, { repeat: ["x", bytes] }];
}

/** @param {Drawn} drawn @returns {Plan} */
function leaf(drawn) {
  const { random } = drawn;
  if (random.chance(2)) return long(random);
  if (random.chance(45)) return words(drawn);
  if (random.chance(20)) return random.pick([true, false, null]);
  return random.chance(20) ? { odd: random.pick(Object.keys(ODD)) } : random.pick(LITERALS);
}

const LITERALS = [...NUMBERS, ...TIMES, ...VERSIONS, ...ADDRESSES];

/** @param {Drawn} drawn @returns {Plan} */
function value(drawn) {
  const { random } = drawn;
  if (random.chance(20)) return random.several(0, 5, () => (random.chance(10) ? value(drawn) : leaf(drawn)));
  if (random.chance(2)) return { elements: [leaf(drawn), random.pick([100, LIST - 1, LIST, LIST + 1])] };
  return random.chance(6) ? { as: random.pick(FORMS), members: members(drawn) } : leaf(drawn);
}
