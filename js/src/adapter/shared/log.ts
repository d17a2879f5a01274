import { directiveText } from "../../explain/standing.js";
import { lineOf } from "../../problem.js";
import type { Directive, Problem } from "../../types.js";

/** Writes an error to the worker's log: the problems of a refused snapshot one a line. */
export function logError(error: unknown): void {
  const problems = problemsOf(error);
  if (problems.length === 0) console.error(`pointsman: ${String(error)}`);
  else console.error(["pointsman: snapshot refused, the last good one stays", ...problems.map(lineOf)].join("\n"));
}

/** Writes a problem of an accepted snapshot to the worker's log. */
export function logProblem(problem: Problem): void {
  console.warn(`pointsman: ${lineOf(problem)}`);
}

/** Writes what a guard has ordered to the worker's log. */
export function logDirective(directive: Directive): void {
  console.warn(`pointsman: ${directiveText(directive)}`);
}

/** A `PointsmanError` is known by its problems: this module doesn't import the engine. */
function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof Error && "problems" in error ? (error.problems as readonly Problem[]) : [];
}
