import type { Hash } from "./hash.js";
import { picked } from "./picked.js";

/** What `in` compares with. */
type Scalar = string | number | boolean;

/** A condition in any of its forms: sound, as the engine has taken it. */
export interface Condition {
  readonly all?: readonly Condition[];
  readonly any?: readonly Condition[];
  readonly not?: Condition;
  readonly segment?: string;
  readonly flag?: string;
  readonly is?: string | readonly string[];
  readonly bucket?: object;
  readonly attribute?: string;
  readonly op?: string;
  readonly values?: readonly Scalar[];
  readonly caseInsensitive?: boolean;
}

/** What a condition keeps as it is. */
const KEPT = ["segment", "flag", "is", "attribute", "op", "values", "caseInsensitive"];
const BUCKET = ["percentage", "salt", "bucketBy"];

/** The condition and all within it. */
export function conditionsWithin(condition: Condition): readonly Condition[] {
  const { all = [], any = [], not } = condition;
  const parts = [...all, ...any, ...(not === undefined ? [] : [not])];
  return [condition, ...parts.flatMap(conditionsWithin)];
}

/** The condition with the texts of its `in`s hashed, and nothing in it that decides nothing. */
export function redactedCondition(condition: Condition, hash: Hash): Condition {
  const { all, any, not, bucket } = condition;
  const part = (of: Condition) => redactedCondition(of, hash);
  return {
    ...picked(condition, KEPT),
    ...(all && { all: all.map(part) }),
    ...(any && { any: any.map(part) }),
    ...(not && { not: part(not) }),
    ...(bucket && { bucket: picked(bucket, BUCKET) }),
    ...(condition.op === "in" && { values: hashedValues(condition, hash) }),
  };
}

/** Whether its texts are compared whatever their case, and one has letters beyond ASCII: pages can't fold those. */
export function isFoldedBeyondAscii({ op, caseInsensitive, values = [] }: Condition): boolean {
  const isBeyond = (value: Scalar) => typeof value === "string" && /[^\0-\x7f]/.test(value);
  return op === "in" && caseInsensitive === true && values.some(isBeyond);
}

function hashedValues({ values = [], caseInsensitive = false }: Condition, hash: Hash): readonly Scalar[] {
  return values.map((value) => (typeof value === "string" ? hash(value, caseInsensitive) : value));
}
