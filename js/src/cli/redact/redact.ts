import { conditionsWithin, isFoldedBeyondAscii, redactedCondition, type Condition } from "./condition.js";
import { redactedFlag, type Flag } from "./flag.js";
import { hashWith, type Hash } from "./hash.js";
import { mapped, picked } from "./picked.js";

/** A snapshot's own words: sound, as the engine has taken it. */
export interface Snapshot {
  readonly hashedLists?: { readonly salt: string };
  readonly segments?: { readonly [name: string]: Condition };
  readonly layers?: { readonly [name: string]: object };
  readonly flags?: { readonly [key: string]: Flag };
}

/** A snapshot as browsers get it, and what became of the one given. */
export interface Redacted {
  readonly snapshot: object;
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
  /** Flags that are kept and have a guard. */
  readonly guarded: readonly string[];
  /** Why there can be no such snapshot, in words. */
  readonly refusals: readonly string[];
}

/** What is of the whole snapshot and decides; not where its schema lies, nor what is of routes. */
const KEPT = ["schema", "revision", "salt", "maxAge"];
const LAYER = ["bucketBy", "salt"];

/** Makes the form of a snapshot that browsers may get. One whose lists are hashed keeps them, and their salt. */
export function redact(given: Snapshot, salt: string): Redacted {
  const { hashedLists, flags = {}, segments = {}, layers = {} } = given;
  const hash: Hash = hashedLists === undefined ? hashWith(salt) : (text) => text;
  const kept = chosen(flags, (_, { serverOnly }) => serverOnly !== true);
  const conditions = Object.entries(kept).map(([key, flag]) => [key, conditionsOf(flag, segments)] as const);
  const used = new Set(conditions.flatMap(([, all]) => all.map(({ segment }) => segment)));
  const lines = new Set(Object.values(kept).map(({ layer }) => layer?.name));
  return {
    snapshot: {
      ...picked(given, KEPT),
      hashedLists: { salt: hashedLists?.salt ?? salt },
      segments: mapped(
        chosen(segments, (name) => used.has(name)),
        (segment) => redactedCondition(segment, hash),
      ),
      layers: mapped(
        chosen(layers, (name) => lines.has(name)),
        (layer) => picked(layer, LAYER),
      ),
      flags: mapped(kept, (flag) => redactedFlag(flag, hash)),
    },
    kept: Object.keys(kept),
    dropped: Object.keys(flags).filter((key) => !Object.hasOwn(kept, key)),
    guarded: Object.keys(chosen(kept, (_, { guard }) => guard !== undefined)),
    refusals: conditions.flatMap(([key, all]) => refusalsOf(key, all, kept)),
  };
}

function chosen<T>(from: { readonly [name: string]: T }, wanted: (name: string, value: T) => boolean) {
  return Object.fromEntries(Object.entries(from).filter(([name, value]) => wanted(name, value)));
}

/** All that a flag's rules ask, in segments too. */
function conditionsOf({ rules = [] }: Flag, segments: Required<Snapshot>["segments"]): readonly Condition[] {
  const all = rules.flatMap((rule) => conditionsWithin(rule.if));
  const seen = new Set<string>();
  // Grows while it is walked.
  for (const { segment } of all) {
    if (segment === undefined || seen.has(segment) || !Object.hasOwn(segments, segment)) continue;
    seen.add(segment);
    all.push(...conditionsWithin(segments[segment] ?? {}));
  }
  return all;
}

/** Without a prerequisite, or with one that is never met, the flag would be decided otherwise than at the edge. */
function refusalsOf(key: string, all: readonly Condition[], kept: object): readonly string[] {
  const missing = new Set(all.flatMap(({ flag }) => (flag === undefined || Object.hasOwn(kept, flag) ? [] : [flag])));
  const refusals = [...missing].map(
    (flag) =>
      `\`${key}\` depends on \`${flag}\`, which is serverOnly: mark \`${key}\` serverOnly too, or unmark \`${flag}\``,
  );
  if (all.some(isFoldedBeyondAscii)) {
    refusals.push(
      `\`${key}\` compares letters beyond ASCII whatever their case, which pages can't: mark it serverOnly`,
    );
  }
  return refusals;
}
