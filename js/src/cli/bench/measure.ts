import type { Engine, EvaluationContext } from "../../types.js";
import { engineOf } from "../snapshot.js";
import { progressOf } from "../terminal.js";

/** Users who take turns: more than what is remembered of the last one would help. */
const USERS = 1_000;
/** A flag gets so many rounds, the median of which counts; the first one warms up and doesn't. */
const ROUNDS = 7;
const NS_PER_SECOND = 1e9;
const MOST_LOADS = 10;
/** After so long, no other load is begun. */
const LOADING_NS = 2e9;

/** What a load costs. */
export interface LoadFigure {
  /** The snapshot's. */
  readonly bytes: number;
  /** Median. */
  readonly ns: number;
  readonly loads: number;
  /** Bytes of WebAssembly memory and buffers that one engine takes. */
  readonly memory: number;
}

/** What a decision costs. */
export interface FlagFigure {
  readonly flag: string;
  /** Median, for one decision. */
  readonly ns: number;
}

/** Loads a sound snapshot into engines of its own, again and again. */
export async function measureLoads(bytes: Uint8Array): Promise<LoadFigure> {
  const times: number[] = [];
  let memory = 0;
  const begun = nanoseconds();
  while (times.length < MOST_LOADS && nanoseconds() - begun < LOADING_NS) {
    const before = process.memoryUsage().external;
    const start = nanoseconds();
    await engineOf(bytes);
    times.push(nanoseconds() - start);
    // The most of all, as a collection in between makes it less.
    memory = Math.max(memory, process.memoryUsage().external - before);
  }
  return { bytes: bytes.length, ns: median(times), loads: times.length, memory };
}

/** Decides each flag for many users, as long as its part of the time allows. */
export function measureFlags(engine: Engine, base: EvaluationContext, seconds: number): readonly FlagFigure[] {
  const flags = [...engine.evaluateAll(base)].map(([flag]) => flag);
  const contexts = Array.from({ length: USERS }, (_, index) => ({ userId: `user-${index}`, ...base }));
  const budget = (seconds * NS_PER_SECOND) / flags.length / ROUNDS;
  const progress = progressOf("measured:");
  const figures = flags.map((flag, index) => {
    progress.at(index / flags.length);
    return { flag, ns: measureFlag(engine, flag, contexts, budget) };
  });
  progress.end();
  return figures;
}

function measureFlag(engine: Engine, flag: string, contexts: readonly EvaluationContext[], budget: number): number {
  const [, ...times] = Array.from({ length: ROUNDS }, () => round(engine, flag, contexts, budget));
  return median(times);
}

/** Nanoseconds of a decision: all users, as often as the time allows, at least once. */
function round(engine: Engine, flag: string, contexts: readonly EvaluationContext[], budget: number): number {
  const start = nanoseconds();
  let decided = 0;
  let spent: number;
  do {
    for (const context of contexts) engine.evaluate(flag, context);
    decided += contexts.length;
    spent = nanoseconds() - start;
  } while (spent < budget);
  return spent / decided;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function nanoseconds(): number {
  return Number(process.hrtime.bigint());
}
