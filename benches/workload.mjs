/**
 * The work that every contender is given: visitors, flags in a form that belongs to no engine, and the same as a pointsman
 * snapshot. Seeded, so the same in every run; nothing here needs Node, so it runs inside workerd too.
 */

/** @typedef {{ id: string, country: string, plan: string, appVersion: string }} Visitor */
/** @typedef {{ countries: string[], plan: string, atLeast: string }} Rule */
/** @typedef {{ variant: string, weight: number }} Part */

/**
 * Who is listed gets `on`; who fails the rule, or is outside of the percentage, gets `off`; all others get `on`, or what the
 * split gives them.
 * @typedef {object} Definition
 * @property {string} key
 * @property {Record<string, any>} variants - name → value
 * @property {string} on
 * @property {string} off
 * @property {number} percentage
 * @property {string[] | null} listed
 * @property {Rule | null} rule
 * @property {Part[] | null} split
 */

/** So many visitors that no cache of ids helps, and a share of them says something. */
export const VISITORS = 200_000;

const ID_LENGTH = 36;
const HEX = Uint8Array.from("0123456789abcdef", (digit) => digit.charCodeAt(0));
const DASH = "-".charCodeAt(0);
const ascii = new TextDecoder();

/** The first ten are where most visitors are: those that rules let in. */
const COUNTRIES = ["DE", "FR", "US", "GB", "NL", "ES", "IT", "PL", "SE", "AT", "JP", "BR", "IN", "CA", "AU", "MX"];
const RULE_COUNTRIES = 10;
/** Eight in ten visitors are in the first countries, have the plan, and have the version: 0.8 ^ 3 is about half. */
const USUAL = 0.8;

/** MurmurHash3's finalizer: each number has an image of its own. @param {number} number */
function mix(number) {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number from 0 up to but without 1 that only depends on these two. @param {number} index @param {number} stream */
const draw = (index, stream) => mix(mix(index) + Math.imul(stream, 0x9e3779b9)) / 2 ** 32;

/**
 * A crowd of visitors; their ids are UUIDs by their looks, all different, as their first 32 bits are.
 * @param {number} count
 */
export function createVisitors(count) {
  const bytes = new Uint8Array(count * ID_LENGTH);
  for (let i = 0; i < count; i++) writeId(bytes.subarray(i * ID_LENGTH, (i + 1) * ID_LENGTH), i);

  /**
   * New and flat strings at each call, as a header or a cookie gives them: V8 has not kept a hash with them yet.
   * @param {number} from @param {number} to @param {number} [step]
   */
  const ids = (from, to, step = 1) => {
    const texts = [];
    for (let i = from; i < to; i += step) texts.push(ascii.decode(bytes.subarray(i * ID_LENGTH, (i + 1) * ID_LENGTH)));
    return texts;
  };

  /** @param {number} from @param {number} to @param {number} [step] @returns {Visitor[]} */
  const batch = (from, to, step = 1) => ids(from, to, step).map((id, place) => visitor(id, from + place * step));

  return { count, ids, batch };
}

/** @param {Uint8Array} target @param {number} index */
function writeId(target, index) {
  for (let i = 0; i < ID_LENGTH; i++) {
    const word = mix(i < 8 ? index + 1 : mix(index + 1) + (i >> 3));
    target[i] = HEX[(word >>> ((i & 7) * 4)) & 15];
  }
  for (const place of [8, 13, 18, 23]) target[place] = DASH;
  target[14] = HEX[4];
  target[19] = HEX[8 | (target[19] & 3)];
}

/** @param {string} id @param {number} index @returns {Visitor} */
function visitor(id, index) {
  const usual = draw(index, 1) < USUAL;
  const place = Math.floor(draw(index, 2) * (usual ? RULE_COUNTRIES : COUNTRIES.length - RULE_COUNTRIES));
  const version = draw(index, 3);
  const minor = version < USUAL ? 3 + Math.floor(version * 20) : Math.floor(draw(index, 4) * 3);
  return {
    id,
    country: COUNTRIES[usual ? place : RULE_COUNTRIES + place],
    plan: draw(index, 5) < USUAL ? "pro" : "free",
    appVersion: `2.${minor}.${Math.floor(draw(index, 6) * 10)}`,
  };
}

const BOOLEAN = { variants: { on: true, off: false }, on: "on", off: "off", listed: null, rule: null, split: null };
const STRINGS = { variants: { red: "#c00", green: "#0a0", blue: "#00c", none: "#888" }, on: "red", off: "none" };
const SPLIT = [
  { variant: "red", weight: 50 },
  { variant: "green", weight: 30 },
  { variant: "blue", weight: 20 },
];
const RULE = { countries: COUNTRIES.slice(0, RULE_COUNTRIES), plan: "pro", atLeast: "2.3.0" };

/** W1: one boolean flag at 25 %. @type {Definition} */
export const rollout = { ...BOOLEAN, key: "new-checkout", percentage: 25 };

/** W2: the same with these ids listed. @param {string[]} listed @returns {Definition} */
export const withList = (listed) => ({ ...rollout, listed });

/** W3: a rule, then three strings. @type {Definition} */
export const targeted = { ...STRINGS, key: "button-colour", percentage: 100, listed: null, rule: RULE, split: SPLIT };

/**
 * W4 and W5: flags as a shop has them. Of ten, three are booleans, three have a list, two have a rule as W3's, one splits
 * strings, and one has JSON values.
 * @param {number} count @param {number} listLength @returns {Definition[]}
 */
export function mixed(count, listLength) {
  const crowd = createVisitors(count * listLength);
  return Array.from({ length: count }, (_, index) => {
    const key = `flag-${String(index).padStart(5, "0")}`;
    const flag = { ...BOOLEAN, key, percentage: 1 + Math.floor(draw(index, 7) * 99) };
    return KINDS[index % KINDS.length](flag, index, () => crowd.ids(index * listLength, (index + 1) * listLength));
  });
}

/** @typedef {(flag: Definition, index: number, list: () => string[]) => Definition} Kind */
/** @type {Kind} */
const plain = (flag) => flag;
/** @type {Kind} */
const listed = (flag, _index, list) => ({ ...flag, listed: list() });
/** @type {Kind} */
const ruled = ({ key }, index) => ({ ...targeted, key, rule: rotatedRule(index) });
/** @type {Kind} */
const striped = ({ key }) => ({ ...targeted, key, rule: null });
/** @type {Kind} */
const structured = (flag, index) => ({
  ...flag,
  variants: { on: layout("grid", index), off: layout("list", index) },
});
const KINDS = [plain, listed, ruled, plain, listed, striped, plain, listed, ruled, structured];

/** Ten countries in a row, from another place for each flag. @param {number} index @returns {Rule} */
function rotatedRule(index) {
  const from = Math.floor(draw(index, 8) * COUNTRIES.length);
  const countries = [...COUNTRIES, ...COUNTRIES].slice(from, from + RULE_COUNTRIES);
  return { countries, plan: "pro", atLeast: `2.${Math.floor(draw(index, 9) * 12)}.0` };
}

/** @param {string} kind @param {number} index */
const layout = (kind, index) => ({
  kind,
  columns: 2 + (index % 4),
  title: `Collection ${index}`,
  sections: ["hero", "offers", "reviews"],
  tracking: { enabled: true, sample: 0.25 },
});

/** Whether the rule lets the visitor in, said as plainly as can be. @param {Rule} rule @param {Visitor} visitor */
export const passes = (rule, { country, plan, appVersion }) =>
  rule.countries.includes(country) && plan === rule.plan && asNumber(appVersion) >= asNumber(rule.atLeast);

/** Versions of the same length in order, as no part has four digits. @param {string} version */
const asNumber = (version) => version.split(".").reduce((sum, part) => sum * 1000 + Number(part), 0);

/** The pointsman snapshot. @param {Definition[]} definitions */
export const snapshotOf = (definitions) => ({
  flags: Object.fromEntries(definitions.map((definition) => [definition.key, flagOf(definition)])),
});

/** @param {Definition} definition */
function flagOf({ variants, on, off, percentage, listed, rule, split }) {
  return {
    enabled: true,
    ...(variants === BOOLEAN.variants ? {} : { variants, onVariant: on, offVariant: off }),
    ...(listed === null ? {} : { whitelistUsers: listed }),
    ...(rule === null ? {} : { rules: [{ if: conditionOf(rule), rollout: { split } }] }),
    ...rolloutOf(rule === null ? percentage : 0, rule === null ? split : null),
  };
}

/** @param {number} percentage @param {Part[] | null} split */
const rolloutOf = (percentage, split) =>
  split === null ? { rolloutPercentage: percentage } : { rollout: { percentage, split } };

/** @param {Rule} rule */
const conditionOf = ({ countries, plan, atLeast }) => ({
  all: [
    { attribute: "country", op: "in", values: countries },
    { attribute: "plan", op: "in", values: [plan] },
    { attribute: "appVersion", op: "semVerGreaterThanOrEqual", values: [atLeast] },
  ],
});
