import type { EvaluationContext } from "pointsman/full";

/** As a form's field shows a value: a text as it is, unless it would be read as something else. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return JSON.stringify(value);
  return readValue(value) === value ? value : JSON.stringify(value);
}

/** What was typed into a field: a number, a list or another JSON value where it reads as one, otherwise a text. */
export function readValue(typed: string): unknown {
  try {
    const value: unknown = JSON.parse(typed);
    // An id of many digits must not lose any.
    return typeof value === "number" && String(value) !== typed.trim() ? typed : value;
  } catch {
    return typed;
  }
}

/** The context with one attribute set, or without it where nothing was typed; as JSON. */
export function withAttribute(context: EvaluationContext, name: string, typed: string): string {
  // JSON has no undefined: such a member is left out.
  return JSON.stringify({ ...context, [name]: typed === "" ? undefined : readValue(typed) });
}
