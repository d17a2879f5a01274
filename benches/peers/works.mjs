/** The works: what is asked, of which flags, and how an answer is had for the check. */
import { VISITORS, mixed, rollout, targeted, withList } from "../workload.mjs";

const LISTED = 1_000;
const MIXED = 100;
const LIST_LENGTH = 50;
/** Long enough that 1,000 flags are about 1.4 MB. */
const LONG_LIST = 100;

const ids = (crowd, from, to) => crowd.ids(from, to);
const visitors = (crowd, from, to) => crowd.batch(from, to);

/** Each gives the values of all flags, in the order of the keys. */
const enabled = async (instance, [key], { id }) => [await instance.isEnabled(key, id)];
const enabledPrepared = async (instance, [key], visitor) => [
  await instance.isEnabledFor(instance.prepare(visitor), key),
];
const valued = async (instance, [key], visitor) => [await instance.value(key, visitor, "missing")];
const valuedPrepared = async (instance, [key], visitor) => [
  await instance.valueFor(instance.prepare(visitor), key, "missing"),
];

async function allValued(instance, keys, visitor) {
  const out = new Array(keys.length);
  await instance.values(visitor, keys, out);
  return out;
}

async function allEnabled(instance, keys, visitor) {
  const out = new Array(keys.length);
  instance.switches(visitor, keys, out);
  return out;
}

/** A flag whose values are not booleans is never on. */
const asSwitch = (definition) => {
  const variants = Object.entries(definition.variants).map(([name, value]) => [name, value === true]);
  return { ...definition, variants: Object.fromEntries(variants) };
};

/** Every tenth visitor, among whom are all whom W2 lists. @param {Crowd} crowd */
const sample = (crowd) => crowd.batch(0, VISITORS, 10);
/** Two of each list, which are of the first visitors: asking for all flags takes a slow engine milliseconds. @param {Crowd} crowd */
const mixedSample = (crowd) => crowd.batch(0, MIXED * LIST_LENGTH, LIST_LENGTH / 2);

/** @typedef {ReturnType<typeof import("../workload.mjs").createVisitors>} Crowd */

/**
 * @typedef {object} Work
 * @property {string} id
 * @property {string} name
 * @property {(crowd: Crowd) => import("../workload.mjs").Definition[]} flags
 * @property {boolean} [loads] - what is timed is the load, beside JSON.parse; else decisions
 * @property {keyof typeof import("./loops.mjs")} [loop]
 * @property {(crowd: Crowd, from: number, to: number) => any[]} [input]
 * @property {boolean} [single] - an input is one visitor, who is asked for a whole batch of times
 * @property {boolean} [prepared] - an input is contexts, made beforehand
 * @property {(instance: any, keys: any, visitor: any) => Promise<any[]>} [ask] - for the check
 * @property {(crowd: Crowd) => any[]} [sample] - whom the check asks for
 * @property {(definition: any) => any} [expected] - what the check takes the flags for
 * @property {boolean} [own] - for pointsman alone
 */

/** @type {Work[]} */
export const WORKS = [
  {
    id: "W1",
    name: "one flag at 25 %, every id new",
    flags: () => [rollout],
    input: ids,
    loop: "byId",
    sample,
    ask: enabled,
  },
  {
    id: "W1 repeat",
    name: "the same visitor again, a fresh context each time",
    flags: () => [rollout],
    input: ids,
    single: true,
    loop: "byOneId",
    sample,
    ask: enabled,
  },
  {
    id: "W1 prepared",
    name: "the same visitor again, a context made once",
    flags: () => [rollout],
    input: visitors,
    single: true,
    loop: "byOnePrepared",
    sample,
    ask: enabledPrepared,
  },
  {
    id: "W2",
    name: "W1 with 1,000 listed ids",
    flags: (crowd) => [withList(crowd.ids(0, VISITORS, VISITORS / LISTED))],
    input: ids,
    loop: "byId",
    sample,
    ask: enabled,
  },
  {
    id: "W3",
    name: "country, plan and version, then 50/30/20",
    flags: () => [targeted],
    input: visitors,
    loop: "valueByVisitor",
    sample,
    ask: valued,
  },
  {
    id: "W3 prepared",
    name: "one context made once, asked again and again",
    flags: () => [targeted],
    input: visitors,
    single: true,
    loop: "valueByOnePrepared",
    sample,
    ask: valuedPrepared,
  },
  {
    id: "W3 in turn",
    name: "contexts made before, each asked in turn",
    flags: () => [targeted],
    input: visitors,
    prepared: true,
    loop: "valueByPrepared",
    sample,
    ask: valuedPrepared,
  },
  {
    id: "W4",
    name: "all of 100 mixed flags for a visitor, every value read",
    flags: () => mixed(MIXED, LIST_LENGTH),
    input: visitors,
    loop: "allValues",
    sample: mixedSample,
    ask: allValued,
  },
  {
    id: "W4 switches",
    name: "the same, whether each is on",
    flags: () => mixed(MIXED, LIST_LENGTH),
    input: visitors,
    loop: "allSwitches",
    sample: mixedSample,
    ask: allEnabled,
    expected: asSwitch,
    own: true,
  },
  { id: "W5", name: "load 1,000 mixed flags, then decide", flags: () => mixed(1_000, LONG_LIST), loads: true },
  {
    id: "W5 tenfold",
    name: "load 10,000 mixed flags, then decide",
    flags: () => mixed(10_000, LONG_LIST),
    loads: true,
    own: true,
  },
];
