/** What snapshots and contexts are drawn from: small pools, so that the two meet. */

/** @typedef {import("./random.mjs").Random} Random */

/** The attributes that flags are bucketed by unless they say otherwise. */
export const UNIT = ["targetingKey", "userId", "visitorId"];

/** Plain names, paths and exact keys with the same names, names that objects inherit, and those of the platform alone. */
export const NAMES = [
  ...UNIT,
  "plan",
  "age",
  "tags",
  "geo",
  "geo.country",
  "geo.country.code",
  "geo.toString",
  "a.b",
  "a..b",
  ".a",
  "a.",
  "größe",
  "地.域",
  "length",
  "0",
  "__proto__",
  "__proto__.x",
  "constructor",
  "constructor.name",
  "toString",
  "hasOwnProperty",
  "request.x",
  "request.country",
  "request",
];

/** For snapshots with many attributes. */
export const MANY = Array.from({ length: 40 }, (_, at) => `attribute${at}`);

const ALPHABETS = ["abcXYZ019-_.@ ", "äßéπЖ", "日本語€ࠀ", "🚂😀𝒳", 'a"\\\n\0\x7f', "\ufeff\uffff\u2028"];
const LONE = ["\ud800", "\udfff", "\udc00\ud800"];

/** A text of 0 to 70 characters, of one alphabet or several. @param {Random} random */
export function text(random) {
  const length = random.chance(50) ? random.below(12) : random.below(71);
  const alphabet = random.chance(40) ? ALPHABETS[0] : random.pick(ALPHABETS);
  const mixed = random.chance(20);
  const characters = () => Array.from(/** @type {string} */ (mixed ? random.pick(ALPHABETS) : alphabet));
  return Array.from({ length }, () => random.pick(characters())).join("");
}

/** The same with lone surrogates in it, which no snapshot can have. @param {Random} random */
export function brokenText(random) {
  const whole = text(random);
  const at = random.below(whole.length + 1);
  return whole.slice(0, at) + random.pick(LONE) + whole.slice(at);
}

export const NUMBERS = [
  0, 1, -1, 7, 17, 18, 18.5, 1000000, 1e21, 1e300, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2,
  -(2 ** 53) + 1, -(2 ** 53), 2 ** 63, 2 ** 64,
]; // prettier-ignore

export const TIMES = [
  "1970-01-01T00:16:40Z",
  "2024-02-29T12:00:00-05:30",
  "1970-01-01T01:16:40.0009+01:00",
  1000000,
  0,
];
export const VERSIONS = ["1", "1.2", "1.2.0+build.7", "1.0.0-alpha.1", "1.0.0-rc.1", "10.0.0", "1.9.0"];
export const RANGES = ["10.0.0.0/8", "10.0.0.77/24", "0.0.0.0/0", "::/0", "2001:db8::/32", "::ffff:10.0.0.0/104"];
export const ADDRESSES = ["10.0.0.1", "192.168.0.7", "::1", "2001:db8::1", "::ffff:10.0.0.1"];
