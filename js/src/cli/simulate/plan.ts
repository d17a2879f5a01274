import type { EvaluationContext } from "../../types.js";
import { offVariantOf, type FlagDefinition, type RolloutDefinition } from "../definitions.js";
import type { Failure } from "./traffic.js";

/** Requests of one simulation: more take minutes. */
export const MOST_REQUESTS = 20_000_000;

const SECOND = 1_000;
/** How long is looked at without a schedule: time enough for a verdict, and to see what follows. */
const HALF_AN_HOUR = 30 * 60_000;
/** How much longer than a schedule is looked at, of its length. */
const TAIL = 0.1;

/** What is chosen on the command line. Times are in milliseconds, shares of 1. */
export interface PlanOptions {
  readonly fail: readonly Failure[];
  readonly controlFail: number;
  readonly start?: number;
  readonly duration?: number;
  /** Requests a second. */
  readonly rate: number;
  readonly visitors: number;
  readonly alone?: true;
  readonly seed: number;
}

/** A simulation, as it is about to run. */
export interface Plan extends Required<Omit<PlanOptions, "alone">> {
  readonly flag: string;
  readonly alone: boolean;
  /** The variant that the new ones are compared with. */
  readonly control: string;
  readonly isGuarded: boolean;
  readonly schedule: readonly ScheduledStep[];
  readonly base: EvaluationContext;
  /** The attribute that holds the visitor's id. */
  readonly unit: string;
}

/** A step of the flag's schedule. */
export interface ScheduledStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly percentage: number;
}

/** Chooses what was left open, by the flag's own schedule. */
export function planOf(flag: string, definition: FlagDefinition, options: PlanOptions, base: EvaluationContext): Plan {
  const { guard, bucketBy } = definition;
  const schedule = scheduleOf(definition);
  const first = schedule[0]?.at;
  const last = schedule.at(-1)?.at ?? 0;
  const start = options.start ?? first ?? Math.floor(Date.now() / SECOND) * SECOND;
  const scheduled = last > start ? last - start + Math.ceil(((last - start) * TAIL) / SECOND) * SECOND : HALF_AN_HOUR;
  const [unit = "userId"] = [bucketBy ?? []].flat();
  return {
    ...options,
    flag,
    start,
    duration: options.duration ?? scheduled,
    alone: options.alone ?? false,
    control: typeof guard?.["control"] === "string" ? guard["control"] : offVariantOf(definition),
    isGuarded: guard !== undefined,
    schedule,
    base,
    unit,
  };
}

/** The flag's own schedule, or else the first of its rules'. */
function scheduleOf({ rollout, rules = [] }: FlagDefinition): readonly ScheduledStep[] {
  const rollouts: readonly (RolloutDefinition | undefined)[] = [rollout, ...rules.map((rule) => rule.rollout)];
  const schedule = rollouts.find((candidate) => candidate?.schedule !== undefined)?.schedule ?? [];
  return schedule.map(({ at, percentage }) => ({ at: Date.parse(at), percentage }));
}
