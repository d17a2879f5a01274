import type { Evaluation, RouteDecision } from "../types.js";
import { dictionary, Token, type Bare } from "./structured.js";

/** The header that tells a decision; also the prefix of names that no one else may use. */
export const DEBUG_HEADER = "pointsman";

/**
 * The decision as a dictionary: `route="shop", backend="canary", variant="on", reason=SPLIT, detail=rollout,
 * revision=7, age=12, fallback=?0`. With `fault="slow"` where one was injected. What a decision doesn't have is left out.
 *
 * @param age - milliseconds since the snapshot was last confirmed; told in whole seconds.
 */
export function debugHeader(decision: RouteDecision, age: number | null): string {
  return dictionary(decided(decision, age));
}

/** The same where there was no engine to decide. */
export const UNDECIDED = dictionary([
  ["reason", new Token("ERROR")],
  ["detail", new Token("GENERAL")],
  ["fallback", true],
]);

function* decided(decision: RouteDecision, age: number | null): Generator<[string, Bare]> {
  yield ["route", decision.route];
  yield ["backend", decision.backend];
  if (decision.evaluation !== null) yield* evaluated(decision.evaluation);
  if (decision.revision !== null) yield ["revision", decision.revision];
  if (age !== null) yield ["age", Math.floor(age / 1_000)];
  yield ["fallback", decision.fallback];
  if (decision.fault !== null) yield ["fault", decision.fault.name];
}

function* evaluated(evaluation: Evaluation): Generator<[string, Bare]> {
  if (evaluation.variant !== null) yield ["variant", evaluation.variant];
  yield ["reason", new Token(evaluation.reason)];
  yield ["detail", new Token(evaluation.detail)];
}
