import { lineOf } from "./problem.js";
import type { Problem } from "./types.js";

/**
 * A snapshot was refused, or the engine could not be made. The last good snapshot, if there is one, stays in use.
 *
 * @example
 * try {
 *   engine.load(next);
 * } catch (error) {
 *   if (error instanceof PointsmanError) for (const problem of error.problems) console.error(problem);
 *   else throw error;
 * }
 */
export class PointsmanError extends Error {
  override readonly name = "PointsmanError";
  /** Everything that is wrong, in the order of the text; never empty. */
  readonly problems: readonly Problem[];

  constructor(what: string, problems: readonly Problem[], options?: ErrorOptions) {
    super(`${what}: ${summary(problems)}`, options);
    this.problems = problems;
  }
}

/** A problem of the whole snapshot, found before its text was read. */
export function wholeProblem(code: string, message: string): Problem {
  return Object.freeze({ code, message, pointer: "", line: 1, column: 1 });
}

/** What was thrown, as words; it may be a caller's object, which throws again. */
export function reasonOf(thrown: unknown): string {
  try {
    const message: unknown = thrown instanceof Error ? thrown.message : undefined;
    if (typeof message === "string") return message;
  } catch {
    // Its type is all that can be told.
  }
  return `a thrown ${typeof thrown}`;
}

function summary([first, ...others]: readonly Problem[]): string {
  if (first === undefined) return "no problem was named";
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${lineOf(first)}${more}`;
}
