import { UNUSABLE } from "./context.js";
import { evaluationOf, ruleOf } from "./decision.js";
import { NO_VARIANT } from "./layout.js";
import type { Flag, Table } from "./table.js";
import type { Evaluation, Explanation, Json, Operand, Step, StepKind, WrittenCondition } from "./types.js";

/** Steps by their codes, as `src/explain/wire.rs` has them. */
const STEPS = [
  "enabled",
  "whitelist",
  "layer",
  "rule",
  "rollout",
  "all",
  "any",
  "not",
  "segment",
  "flag",
  "bucket",
  "test",
  "decision",
  "point",
  "part",
  "rollback",
] as const satisfies readonly StepKind["step"][];

type WireStep = readonly [
  depth: number,
  code: number,
  result: boolean | null,
  numbers: readonly number[],
  ids: readonly number[],
  text: Json,
];

/** A walk as the engine tells it. */
export type Walk = readonly [word: number, truncated: boolean, steps: readonly WireStep[]];

/** What a walk tells: all of an explanation that is not about the engine. */
export type Explained = Omit<Explanation, "age">;

/** A decision without a walk: there is no such flag, or the engine could not decide. */
export function unexplained(evaluation: Evaluation, table: Table): Explained {
  return { ...evaluation, steps: [], truncated: false, problems: problemsOf(evaluation.flagKey, table) };
}

/**
 * Puts names and values to a walk's numbers.
 *
 * @param valueAt - what lay in an attribute's slot during the walk.
 */
export function explained(flag: Flag, [word, truncated, steps]: Walk, valueAt: (slot: number) => unknown): Explained {
  const { table } = flag;
  const operand = (slot: number): Operand => {
    const attribute = table.manifest.attributes[slot] as string;
    const value = valueAt(slot);
    if (value === undefined) return { attribute };
    return value === UNUSABLE ? { attribute, unusable: true } : { attribute, value: readable(value) };
  };
  const flagAt = (index: number) => table.flag(table.manifest.flags[index] as string) as Flag;
  return {
    ...unexplained(evaluationOf(flag, word), table),
    truncated,
    steps: steps.map((step): Step => ({ ...kindOf(step, operand, flagAt), depth: step[0], result: step[2] })),
  };
}

function kindOf(
  [, code, , numbers, slots, text]: WireStep,
  operand: (slot: number) => Operand,
  flagAt: (index: number) => Flag,
): StepKind {
  const step = STEPS[code] as StepKind["step"];
  const [first = 0, second = 0, from = 0, to = 0] = numbers;
  const ids = slots.map(operand);
  switch (step) {
    case "whitelist":
    case "rollout":
      return { step, ids };
    case "layer":
      return { step, layer: text as string, ids };
    case "rule":
      return { step, ...ruleOf(flagAt(first).description, second) };
    case "segment":
      return { step, segment: text as string };
    case "flag":
      return { step, flag: flagAt(first).key, is: text as string[] };
    case "bucket":
      return { step, condition: text as WrittenCondition, ids };
    case "test":
      return { step, condition: text as WrittenCondition, actual: operand(first) };
    case "decision":
      return { step, ...outcomeOf(evaluationOf(flagAt(first), second)) };
    case "point":
      return { step, id: operand(first), point: second };
    case "part":
      return { step, variant: variantOf(flagAt(first), second), from, to };
    case "rollback":
      return { step, variant: variantOf(flagAt(first), second) };
    default:
      return { step };
  }
}

function outcomeOf({ flagKey: flag, variant, reason, detail }: Evaluation) {
  return { flag, variant, reason, detail };
}

function variantOf({ description }: Flag, index: number): string | null {
  return index === NO_VARIANT ? null : (description.names[index] ?? null);
}

/** What a list holds that no operator reads is null to whoever reads the explanation. */
function readable(value: unknown): Json {
  return Array.isArray(value)
    ? value.map((element: unknown) => (isReadable(element) ? element : null))
    : (value as Json);
}

function isReadable(element: unknown): element is Json {
  return element !== undefined && element !== UNUSABLE;
}

function problemsOf(flagKey: string, { problems }: Table) {
  const pointer = `/flags/${flagKey.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return problems.filter((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`));
}
