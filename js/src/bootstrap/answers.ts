import { defaulted, isTrue, typeOf } from "../decision.js";
import type { Answers } from "../exposure/observe.js";
import type { Evaluation, Evaluations, Json, Widened } from "../types.js";
import { failed } from "./read.js";

/** Flags as a page holds them. */
export type Held = ReadonlyMap<string, Evaluation>;

/** Answers as an engine would, from decisions that were made elsewhere. */
export function answersFrom(held: () => Held): Answers {
  const evaluate = (flagKey: string): Evaluation => held().get(flagKey) ?? notFound(flagKey);
  const details = (flagKey: string, defaultValue: Json): Evaluation => {
    const evaluation = evaluate(flagKey);
    if (evaluation.errorCode !== undefined) return defaulted(evaluation, defaultValue);
    if (typeOf(evaluation.value) === typeOf(defaultValue)) return evaluation;
    return defaulted(mistyped(evaluation), defaultValue);
  };
  return {
    isEnabled: (flagKey) => isTrue(evaluate(flagKey)),
    value: <T extends Json>(flagKey: string, defaultValue: T) => details(flagKey, defaultValue).value as Widened<T>,
    evaluate,
    details,
    evaluateAll: () => evaluationsOf(held()),
  };
}

function evaluationsOf(flags: Held): Evaluations {
  return {
    size: flags.size,
    get: (flagKey) => flags.get(flagKey),
    isEnabled: (flagKey) => isTrue(flags.get(flagKey)),
    [Symbol.iterator]: () => flags[Symbol.iterator](),
  };
}

function notFound(flagKey: string): Evaluation {
  const nothing = { flagKey, value: null, variant: null, flagMetadata: {} };
  return Object.freeze(failed(nothing, "FLAG_NOT_FOUND", `the page was given no flag \`${flagKey}\``));
}

function mistyped(evaluation: Evaluation): Evaluation {
  const message = `the value of flag \`${evaluation.flagKey}\` has another type than was asked for`;
  return failed(evaluation, "TYPE_MISMATCH", message);
}
