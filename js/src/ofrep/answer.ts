import type { Evaluation, Evaluations, Json } from "../types.js";

/** One flag's answer, as OFREP writes it. */
export type FlagAnswer = { readonly [member: string]: Json };

/** A flag's decision: its value, or why there is none. An error carries no value, so that the caller's default counts. */
export function answerOf(evaluation: Evaluation): FlagAnswer {
  const { flagKey: key, value, variant, reason, errorCode, errorMessage, flagMetadata } = evaluation;
  const metadata = Object.keys(flagMetadata).length > 0 && { metadata: flagMetadata };
  if (errorCode !== undefined) return { key, errorCode, errorDetails: errorMessage ?? errorCode, ...metadata };
  return { key, value, reason, ...(variant !== null && { variant }), ...metadata };
}

/** The decisions of all flags that are shown, in the order of the snapshot's keys. */
export function bulkAnswerOf(
  evaluations: Evaluations,
  shows: (evaluation: Evaluation) => boolean,
): { readonly flags: readonly FlagAnswer[] } {
  const shown = Array.from(evaluations, ([, evaluation]) => evaluation).filter(shows);
  return { flags: shown.map(answerOf) };
}

/** The status of one flag's answer. `GENERAL` is no fault of the caller's: the engine could not decide. */
export function statusOf({ errorCode }: Evaluation): number {
  if (errorCode === undefined) return 200;
  if (errorCode === "FLAG_NOT_FOUND") return 404;
  return errorCode === "GENERAL" ? 500 : 400;
}
