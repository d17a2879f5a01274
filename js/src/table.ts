import type { Reader } from "./context.js";
import { DEFAULT_UNIT, readerOf } from "./context.js";
import type { Decisions, Description } from "./decision.js";
import { UNKNOWN, deepFreeze, evaluationOf } from "./decision.js";
import type { Evaluation, Json, Problem } from "./types.js";

/** What a loaded snapshot holds, as the engine tells it. */
export interface Manifest {
  readonly flags: readonly string[];
  readonly attributes: readonly string[];
  /** How long after it was confirmed the snapshot is believed, in milliseconds; null for ever. */
  readonly maxAge: number | null;
}

/** The same, by a build that has routes and guards. */
export interface EdgeManifest extends Manifest {
  /** The attributes that routes ask for, by their places. */
  readonly routing: readonly number[];
  /** True when routing depends on the time. */
  readonly timedRouting: boolean;
  /** True when any route has faults, which end at a time. */
  readonly faulted: boolean;
  /** True when any flag has a guard. */
  readonly guarded: boolean;
  readonly backendNames: readonly string[];
  readonly backends: readonly WireBackend[];
  /** How long each backend's response may take to begin, in milliseconds. */
  readonly timeouts: readonly (number | null)[];
  readonly routes: readonly WireRoute[];
  /** What each route's `Set-Cookie` has before and after the visitor's id; null for a route that keeps none. */
  readonly cookies: readonly ({ readonly name: string; readonly attributes: string } | null)[];
}

/** A backend as the snapshot has it; only what the JS side reads. */
export interface WireBackend {
  readonly origin: string;
  readonly pathPrefix?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** A route as the snapshot has it; only what the JS side reads. */
export interface WireRoute {
  readonly name: string;
  readonly match: {
    readonly host?: string;
    readonly path?: string;
    readonly methods?: readonly string[];
    readonly if?: object;
  };
  readonly backend?: string;
  readonly flag?: string;
  readonly fallback: string;
  readonly visitor?: object;
  readonly faults?: readonly WireFault[];
  readonly cache?: "split" | "private" | "none";
}

/** A fault as the snapshot has it. */
export interface WireFault {
  readonly name: string;
  readonly abort?: { readonly status: number };
  readonly maxActive?: number;
}

/** No decision is this word: it has variant 0, and is an error. */
const NO_WORD = 0x80_00;

/** In place of one variant: more than one has the value `true`. */
export const SEVERAL = -2;

/** Attributes to read, and the slots that they go to; more slots than readers where facts follow. */
export interface Plan {
  readonly slots: readonly number[];
  readonly readers: readonly Reader[];
  /** True where the default unit's three attributes come first, in its order: they are read by literal name. */
  readonly unitFirst: boolean;
}

/** A flag of one loaded snapshot. */
export interface Flag extends Decisions, Plan {
  readonly index: number;
  readonly table: Table;
  /** The place of the variant whose value is `true`, `SEVERAL`, or -1: a decision is compared with one number. */
  readonly on: number;
  readonly timed: boolean;
  /** True when all that it asks for is the default unit, and no time. */
  readonly quick: boolean;
}

/** One loaded snapshot, as the JS side knows it. */
export interface Table {
  readonly manifest: Manifest;
  /** What is wrong with the snapshot. */
  readonly problems: readonly Problem[];
  /** Every attribute of the snapshot. */
  readonly everything: Plan;
  /** How these attributes are read and where they go; the default unit's first, where all of them are asked for. */
  planOf(asked: readonly number[]): Plan;
  /** The flag, described at its first use; undefined for an unknown key. */
  flag(key: string): Flag | undefined;
  /** The decision that a flag has among the words of all flags; undefined for an unknown key. */
  evaluation(key: string, words: readonly number[]): Evaluation | undefined;
  /** Called when decisions of this table are handed out that are read later. */
  lend(): void;
  /** Called before the next snapshot is loaded: describes what lent decisions may still ask for. */
  settle(): void;
}

/**
 * @param describe - asks the engine for a flag's description; null when there is no engine to ask.
 */
export function createTable(
  manifest: Manifest,
  problems: readonly Problem[],
  describe: (index: number) => Description | null,
): Table {
  const indices = new Map(manifest.flags.map((key, index) => [key, index]));
  const readers = manifest.attributes.map(readerOf);
  const unit = DEFAULT_UNIT.map((name) => manifest.attributes.indexOf(name));
  const flags = new Map<string, Flag>();
  let lent = false;
  /**
   * The last words, and what they stand for, of each flag, for variants 0 to 3 apart. Most flags have no more, and reading all of 100
   * flags looks at few places in memory: 24 to 18 ns for each.
   */
  let lastWords = new Int32Array(0);
  let last: Evaluation[] = [];
  /**
   * Visitor after visitor, a page reads the same flags in the same order: the flag that was read after the last one is
   * compared first, as the text that it was asked by. That saves most look-ups: 19 to 13 ns for each of 100 flags, 21 to 15
   * in another order than the snapshot's.
   */
  const keys = [...manifest.flags];
  const followers = keys.map((_, index) => index + 1);
  let before = 0;

  const planOf = (asked: readonly number[]): Plan => {
    // By literal names what others have written into every object's prototype would count.
    const unitFirst = unit.every(
      (slot, i) => asked.includes(slot) && !((DEFAULT_UNIT[i] as string) in Object.prototype),
    );
    const slots = unitFirst ? [...new Set([...unit, ...asked])] : asked;
    return { slots, readers: slots.map((slot) => readers[slot] as Reader), unitFirst };
  };

  const learn = (key: string, index: number): Flag => {
    const description = describe(index);
    const flag = flagOf(table, key, index, description ?? UNKNOWN);
    if (description !== null) flags.set(key, flag);
    return flag;
  };

  const flag = (key: string): Flag | undefined => {
    const known = flags.get(key);
    if (known !== undefined) return known;
    const index = indices.get(key);
    return index === undefined ? undefined : learn(key, index);
  };

  const remember = (key: string, word: number, place: number): Evaluation => {
    const known = flag(key) as Flag;
    const evaluation = evaluationOf(known, word);
    if (known.description === UNKNOWN) return evaluation;
    last[place] = evaluation;
    lastWords[place] = word;
    return evaluation;
  };

  Object.freeze(manifest.attributes);
  const table: Table = {
    manifest,
    problems,
    everything: planOf([...readers.keys()]),
    planOf,
    flag,
    evaluation(key, words) {
      let index = followers[before];
      if (keys[index as number] !== key) {
        index = indices.get(key);
        if (index === undefined) return undefined;
        keys[index] = key;
        followers[before] = index;
      }
      before = index as number;
      const word = words[before] as number;
      const place = (before << 2) | (word & 3);
      return lastWords[place] === word ? last[place] : remember(key, word, place);
    },
    lend() {
      if (lent) return;
      lent = true;
      lastWords = new Int32Array(manifest.flags.length << 2).fill(NO_WORD);
      last = new Array<Evaluation>(lastWords.length);
    },
    settle() {
      if (lent) manifest.flags.forEach(flag);
    },
  };
  return table;
}

/** The table of an engine that has loaded nothing yet. */
export const EMPTY = createTable({ flags: [], attributes: [], maxAge: null }, [], () => null);

function onlyTrue(values: readonly Json[]): number {
  const place = values.indexOf(true);
  return place === values.lastIndexOf(true) ? place : SEVERAL;
}

/** What is for servers alone says so in its metadata, as that goes with every decision. */
function markedIfServerOnly(description: Description): Description {
  const { metadata, serverOnly } = description;
  return serverOnly ? { ...description, metadata: deepFreeze({ ...metadata, serverOnly }) } : description;
}

function flagOf(table: Table, key: string, index: number, description: Description): Flag {
  // Not the list itself: V8 (11.3) reads frozen lists by a call, and no caller gets hold of this one.
  description.values.forEach(deepFreeze);
  const plan = table.planOf(description.attributes);
  return {
    key,
    index,
    table,
    description: markedIfServerOnly(description),
    ...plan,
    on: onlyTrue(description.values),
    timed: description.timed,
    quick: plan.unitFirst && plan.slots.length === DEFAULT_UNIT.length && !description.timed,
    made: new Map<number, Evaluation>(),
  };
}
