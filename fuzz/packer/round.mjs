/** One case: a snapshot, visitors and a way through them, decided by the package and by the crate. */
import { isDeepStrictEqual } from "node:util";
import { createEngine } from "../../js/dist/node.js";
import { build } from "./build.mjs";
import { contextOf } from "./contexts.mjs";
import { fits, meant } from "./meant.mjs";
import { text } from "./pools.mjs";
import { namesOf, snapshotOf } from "./snapshots.mjs";
import { WAYS } from "./ways.mjs";

/** @typedef {import("./build.mjs").Plan} Plan */
/** @typedef {import("./ways.mjs").Expected} Expected */
/** A question: the flag's key, the visitor's place, the way. @typedef {[string, number, string]} Step */
/** `before` is in use when contexts are prepared. @typedef {{ before: any, snapshot: any, contexts: Plan[], now: number, steps: Step[] }} Case */
/** How many answers were compared with what, and how many snapshots were no cases. @typedef {{ native: number, invalid: number, either: number, broken: number }} Counts */

/** @returns {Counts} */
export const noneYet = () => ({ native: 0, invalid: 0, either: 0, broken: 0 });

/** @param {import("./random.mjs").Random} random @returns {Case} */
export function caseOf(random) {
  const draw = () => ({ random, names: namesOf(random), texts: random.several(4, 12, () => text(random)) });
  const drawn = draw();
  const snapshot = snapshotOf(drawn);
  const contexts = random.several(1, 6, () => contextOf(drawn));
  const before = random.chance(30) ? snapshotOf(draw()) : null;
  const all = Object.keys(snapshot.flags).flatMap((key) =>
    contexts.flatMap((_, at) => Object.keys(WAYS).map((way) => /** @type {Step} */ ([key, at, way]))),
  );
  return { before, snapshot, contexts, now: random.pick([0, 1_000_000, Date.UTC(2026, 0, 1)]), steps: random.shuffled(all) };
} // prettier-ignore

/**
 * What went wrong first, or null. A snapshot with a problem is no case.
 * @param {Case} one @param {import("./native.mjs").Native} native @param {Counts} counts
 */
export async function failureOf({ before, snapshot, contexts, now, steps }, native, counts) {
  const engine = await createEngine({ snapshot: before ?? snapshot, clock: () => now });
  const visitors = contexts.map(build).map((context) => ({ engine, context, prepared: engine.context(/** @type {any} */ (context)) }));
  if (before !== null) engine.load(snapshot);
  if (engine.problems.length > 0) {
    counts.broken++;
    return null;
  }
  const expected = await expectations(engine, visitors.map(({ context }) => context), snapshot, now, native);
  for (const [key, at, way] of steps) {
    // A smaller case may lack what its steps ask for.
    if (!(key in snapshot.flags) || visitors[at] === undefined) continue;
    const { ask, means } = WAYS[way];
    const possible = expected(key, at);
    const answer = ask(visitors[at], key);
    const right = possible.filter((one) => isDeepStrictEqual(answer, means(one)));
    if (right.length === 0) return { step: [key, at, way], answer, expected: possible.map(means) };
    counts[possible.length > 1 ? "either" : possible[0].errorCode === "INVALID_CONTEXT" ? "invalid" : "native"]++;
  }
  return null;
} // prettier-ignore

/** For a flag and a visitor, the answers that are right: two where only the order of packing tells whether all fits. */
async function expectations(engine, contexts, snapshot, now, native) {
  const meanings = contexts.map((context) => meant(context, engine.attributes));
  const texts = meanings.map((meaning) => meaning?.json ?? "{}");
  const decided = await native.decide(JSON.stringify(snapshot), texts, now);
  if (decided === null) throw new Error("the crate refuses what the package took");
  const asked = new Map(Object.keys(snapshot.flags).map((key) => [key, askedBy(engine, key)]));
  /** @param {string} key @param {number} at @returns {Expected[]} */
  return (key, at) => {
    const meaning = meanings[at] ?? null;
    const fit = meaning !== null && fits(meaning, asked.get(key) ?? []);
    const own = decided[at]?.find(({ flagKey }) => flagKey === key);
    const invalid = fit === true ? [] : [invalidOf(key, snapshot.flags[key])];
    return fit === false || own === undefined ? invalid : [own, ...invalid];
  };
}

/** The attributes that the package reads for a flag, of a context that has them all; as exact names, so that nobody walks a path. */
function askedBy(engine, key) {
  /** @type {Set<string>} */
  const asked = new Set();
  const see = (name) => (asked.add(name), undefined);
  engine.evaluate(key, new Proxy({}, {
    get: (_, name) => see(name),
    getOwnPropertyDescriptor: (_, name) => (see(name), { configurable: true, value: undefined }),
  })); // prettier-ignore
  return [...asked];
}

/** What a context that can't be packed gives: the off variant. @returns {Expected} */
function invalidOf(key, { variants = { on: true, off: false } }) {
  const code = "INVALID_CONTEXT";
  const told = { variant: "off", value: variants.off, reason: "ERROR", detail: code, rule: null, errorCode: code };
  return { ...told, text: `${key}: off (ERROR, ${code})` };
}
