import { DEFAULT_UNIT } from "../context.js";
import type { EvaluationContext } from "../types.js";

/** Longer ids are none: a client can choose its id, and twenty thousand of those seen are kept. */
const UNIT_CHARACTERS = 256;

/** The first present of `targetingKey`, `userId`, `visitorId`: what flags are bucketed by unless they say otherwise. */
export function defaultUnit(context: EvaluationContext): unknown {
  return DEFAULT_UNIT.map((name) => context[name]).find((value) => unitText(value) !== null);
}

/** An id as text: a non-empty string of at most 256 characters, or a safe integer. Null for anything else. */
export function unitText(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === "string" && value !== "" && value.length <= UNIT_CHARACTERS ? value : null;
}
