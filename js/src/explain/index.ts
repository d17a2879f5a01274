import { lineOf as problemText } from "../problem.js";
export { directiveText, standingText } from "./standing.js";
import type { Explanation, Json, Operand, Step, WrittenCondition } from "../types.js";

/** All points of a line, as `src/hash.rs` has it. */
const LINE = 2 ** 32;
/** Longer lists and texts are shortened, so that a step stays one line. */
const SHOWN_CHARACTERS = 60;
const STEPS_KEPT = "1,000";

/**
 * An explanation in words, one step a line, for whoever is on call. The native `Explanation` shows the same
 * text, but for the snapshot's age, which it does not know.
 *
 * @example
 * console.log(explanationText(engine.explain("new-checkout", { userId: "alice" })));
 */
export function explanationText(explanation: Explanation): string {
  const { flagKey, variant, reason, detail, problems, steps, truncated, age } = explanation;
  const lines = [
    `${shown(flagKey)}: ${nameOf(variant)} (${reason}, ${detail})`,
    ...problems.map((problem) => `  ${problemText(problem)}`),
    ...steps.map((step) => "  ".repeat(step.depth + 1) + lineOf(step)),
  ];
  if (truncated) lines.push(`  … more than ${STEPS_KEPT} steps`);
  if (age !== null) lines.push(`  snapshot confirmed ${Math.floor(age / 1_000)} s ago`);
  return lines.join("\n");
}

function lineOf(step: Step): string {
  const word = step.result === null ? "unknown" : step.result ? "yes" : "no";
  switch (step.step) {
    case "enabled":
    case "all":
    case "any":
    case "not":
      return `${step.step}: ${word}`;
    case "whitelist":
      return `whitelist: ${word}, ${idsOf(step.ids)}`;
    case "layer":
      return `layer ${quoted(step.layer)}: ${held(step.result, step.ids)}`;
    case "rule":
      return `rule ${step.index + 1}${step.name === undefined ? "" : ` ${quoted(step.name)}`}: ${word}`;
    case "rollout":
    case "bucket":
      return `${step.step}: ${held(step.result, step.ids)}`;
    case "segment":
      return `segment ${quoted(step.segment)}: ${word}`;
    case "flag":
      return `flag ${quoted(step.flag)} is ${step.is.map(shown).join(" or ")}: ${word}`;
    case "test":
      return `${conditionText(step.condition)}: ${word}, ${actualOf(step.actual, step.result === null)}`;
    case "decision":
      return `it is ${nameOf(step.variant)} (${step.reason}, ${step.detail})`;
    case "point":
      return `${actualOf(step.id)}, at ${place(step.point)}`;
    case "rollback":
      return `${nameOf(step.variant)} is withdrawn: ${word}`;
    case "part":
      return `${step.variant === null ? "its part" : shown(step.variant)} from ${place(step.from)} up to ${place(step.to)}: ${word}`;
  }
}

/** Whether a line's part holds the visitor; where nobody can tell, why. */
function held(result: boolean | null, ids: readonly Operand[]): string {
  if (result === null) return `no id, ${idsOf(ids)}`;
  return result ? "in" : "out";
}

function idsOf(ids: readonly Operand[]): string {
  return ids.map((id) => actualOf(id)).join(", ");
}

/** What an attribute is; where an operator could not tell, that it could not. */
function actualOf({ attribute, value, unusable }: Operand, isOfNoUse = false): string {
  if (value === undefined && unusable !== true) return `${shown(attribute)} is missing`;
  const written = unusable === true ? "an object" : shortened(writtenOf(value as Json));
  return `${shown(attribute)} is ${written}${isOfNoUse ? ", which it can't compare" : ""}`;
}

/** A point, and where on the line that is: as a percentage, to the fourth decimal. */
function place(point: number): string {
  return `${point} (${Math.round((point / LINE) * 1e6) / 1e4} %)`;
}

/** A condition as `attribute operator [values]`. */
function conditionText({ attribute, op, values, caseInsensitive }: WrittenCondition): string {
  const list = values === undefined ? "" : ` ${shortened(writtenOf(values))}`;
  return `${shown(attribute as string)} ${shown(op as string)}${list}${caseInsensitive === true ? " in any case" : ""}`;
}

function writtenOf(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writtenOf).join(",")}]`;
  return typeof value === "string" ? quoted(value) : JSON.stringify(value);
}

function nameOf(variant: string | null): string {
  return shown(variant ?? "no variant");
}

/** A string as JSON has it. */
function quoted(text: string): string {
  return `"${shown(text.replace(/["\\]/g, "\\$&"))}"`;
}

/** A name, without what must not reach a terminal. */
function shown(name: string): string {
  return name.replace(/\p{Cc}/gu, "\ufffd");
}

function shortened(text: string): string {
  const characters = Array.from(text);
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join("")}…` : text;
}
