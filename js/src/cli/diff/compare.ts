import { DEFAULT_UNIT } from "../../context.js";
import type { Engine, Evaluation, EvaluationContext } from "../../types.js";
import { definitionOf, offVariantOf, type Definitions, type FlagDefinition } from "../definitions.js";
import { progressOf } from "../terminal.js";
import { lineOf, overlaps, type Overlap } from "./line.js";

/** Ids between two looks at the progress. */
const ROUND = 1_000;

/** A snapshot in use, and its own words. */
export interface Side {
  readonly engine: Engine;
  readonly definitions: Definitions;
}

/** Who is compared. */
export interface Sample {
  /** The flags that may decide otherwise. */
  readonly affected: readonly string[];
  readonly ids: readonly string[];
  readonly contextFor: (id: string) => EvaluationContext;
  /** Attributes that are the same for everybody. */
  readonly base: EvaluationContext;
}

/**
 * What a change is for whoever it is for: `in` from off to on, `out` back, `moved` from one variant that is on to another,
 * `revalued` the same side as before, and another value or name of it.
 */
export type Kind = "in" | "out" | "moved" | "revalued" | "none";

/** What becomes of those who had one variant; null where the flag is not in that snapshot. */
export interface Transition {
  readonly from: string | null;
  readonly to: string | null;
  readonly kind: Kind;
  readonly count: number;
  /** Of 1, exactly and of all visitors who are not listed; null where it has to be estimated from the sample. */
  readonly exact: number | null;
}

/** An id that a whitelist names, and what becomes of it. */
export interface ListedMovement {
  readonly id: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What becomes of a flag's visitors. */
export interface Movement {
  readonly flag: string;
  readonly status: "added" | "removed" | "kept";
  readonly transitions: readonly Transition[];
  readonly listed: readonly ListedMovement[];
}

/** What each id gets by both; the same object stands for the same outcome, so counting is looking up. */
type Tally = Map<Evaluation | null, Map<Evaluation | null, number>>;

const NOBODY: Tally = new Map();

/** What becomes of each flag's visitors by the new snapshot. */
export function compareFlags(before: Side, after: Side, sample: Sample): readonly Movement[] {
  const tallies = countAll(before, after, sample);
  return sample.affected.map((flag) => {
    const sides = { before: definitionOf(before.definitions, flag), after: definitionOf(after.definitions, flag) };
    return {
      flag,
      status: sides.before === undefined ? "added" : sides.after === undefined ? "removed" : "kept",
      transitions: transitionsOf(tallies.get(flag) ?? NOBODY, sides, overlapsOf(flag, before, after, sample.base)),
      listed: listedOf(flag, before, after, sample),
    };
  });
}

/** True where anybody gets something else. */
export function isMove({ transitions, listed }: Movement): boolean {
  return listed.length > 0 || transitions.some(({ kind, count, exact }) => kind !== "none" && (exact ?? count) > 0);
}

function countAll(before: Side, after: Side, { affected, ids, contextFor }: Sample): ReadonlyMap<string, Tally> {
  const tallies = new Map<string, Tally>(affected.map((flag) => [flag, new Map()]));
  const progress = progressOf(`${affected.length} flags for ${ids.length} ids:`);
  ids.forEach((id, index) => {
    const context = contextFor(id);
    const [one, other] = [before, after].map(evaluatorOf(context)) as [Evaluator, Evaluator];
    for (const [flag, tally] of tallies) count(tally, one(flag), other(flag));
    if (index % ROUND === 0) progress.at(index / ids.length);
  });
  progress.end();
  return tallies;
}

type Evaluator = (flag: string) => Evaluation | null;

function evaluatorOf(context: EvaluationContext): (side: Side) => Evaluator {
  return ({ engine, definitions }) => {
    const visitor = engine.context(context);
    return (flag) => (definitionOf(definitions, flag) === undefined ? null : visitor.evaluate(flag));
  };
}

function count(tally: Tally, from: Evaluation | null, to: Evaluation | null): void {
  const row = tally.get(from) ?? new Map<Evaluation | null, number>();
  tally.set(from, row.set(to, (row.get(to) ?? 0) + 1));
}

interface Sides {
  readonly before: FlagDefinition | undefined;
  readonly after: FlagDefinition | undefined;
}

function transitionsOf(tally: Tally, sides: Sides, exactly: readonly Overlap[] | null): readonly Transition[] {
  const found = new Map<string, Transition>();
  const add = (from: string | null, to: string | null, count: number, hasNewValue: boolean) => {
    const name = JSON.stringify([from, to]);
    const exact = exactly && (exactly.find((overlap) => overlap.from === from && overlap.to === to)?.share ?? 0);
    const sum = (found.get(name)?.count ?? 0) + count;
    found.set(name, { from, to, kind: kindOf(from, to, sides, hasNewValue), count: sum, exact });
  };
  for (const [before, row] of tally) {
    for (const [after, count] of row) add(variantOf(before), variantOf(after), count, hasNewValue(before, after));
  }
  // What is so rare that the sample has none of it.
  for (const { from, to } of exactly ?? []) if (from !== to) add(from, to, 0, false);
  return [...found.values()].sort((a, b) => b.count - a.count);
}

function kindOf(from: string | null, to: string | null, { before, after }: Sides, hasNewValue: boolean): Kind {
  const [wasIn, isNowIn] = [isIn(from, before), isIn(to, after)];
  if (wasIn !== isNowIn) return isNowIn ? "in" : "out";
  if (from === null || to === null) return "none";
  if (from !== to) return wasIn ? "moved" : "revalued";
  return hasNewValue ? "revalued" : "none";
}

function isIn(variant: string | null, flag: FlagDefinition | undefined): boolean {
  return variant !== null && flag !== undefined && variant !== offVariantOf(flag);
}

function variantOf(evaluation: Evaluation | null): string | null {
  return evaluation?.variant ?? null;
}

function hasNewValue(before: Evaluation | null, after: Evaluation | null): boolean {
  return JSON.stringify(before?.value) !== JSON.stringify(after?.value);
}

/** Shares from the lines, where both are known, and nobody's id is among the attributes that are the same for everybody. */
function overlapsOf(key: string, before: Side, after: Side, base: EvaluationContext): readonly Overlap[] | null {
  const [one = null, other = null] = [before, after].map(({ definitions }) => {
    const flag = definitionOf(definitions, key);
    return isPinned(flag, base) ? null : lineOf(key, flag, definitions.salt);
  });
  return one && other && overlaps(one, other);
}

/** Whether everybody has the same id there. */
function isPinned(flag: FlagDefinition | undefined, base: EvaluationContext): boolean {
  const names: readonly string[] = [flag?.bucketBy ?? DEFAULT_UNIT].flat();
  return names.some((name) => Object.hasOwn(base, name));
}

function listedOf(key: string, before: Side, after: Side, { base, contextFor }: Sample): readonly ListedMovement[] {
  const flags = [before, after].map(({ definitions }) => definitionOf(definitions, key));
  const ids = flags.flatMap((flag) => (isPinned(flag, base) ? [] : listedIn(flag)));
  const movements = [...new Set(ids)].map((id) => {
    const [from = null, to = null] = [before, after].map((side) => evaluatorOf(contextFor(id))(side)(key)?.variant);
    return { id, from, to };
  });
  return movements.filter(({ from, to }) => from !== to);
}

function listedIn(flag: FlagDefinition | undefined): readonly string[] {
  return [...(flag?.whitelistUsers ?? []), ...Object.values(flag?.whitelist ?? {}).flat()];
}
