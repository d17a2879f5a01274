import { deepFreeze } from "../decision.js";
import { ERRORS, OUTCOMES } from "../layout.js";
import type { ErrorCode, Evaluation } from "../types.js";
import { SCHEMA, type Entry } from "./data.js";

/** Decisions as a page holds them. */
export interface Decisions {
  readonly revision: number | null;
  readonly flags: ReadonlyMap<string, Evaluation>;
}

/** Longer texts are refused, in characters: 10,000 flags, which a snapshot may have, with a value of 400 characters each. */
const TEXT_CHARACTERS = 4 << 20;

/**
 * Reads what `bootstrap` wrote: its text, or what that was parsed to. A flag that can't be read is left out.
 * @param broken - told of each.
 * @throws an error for what is no bootstrap data, or of another version.
 */
export function readData(data: unknown, broken: (error: Error) => void): Decisions {
  const { schema, revision, flags } = membersOf(data);
  if (schema !== SCHEMA)
    throw new TypeError(`the bootstrap data has the schema ${String(schema)}: this client reads ${SCHEMA}`);
  if (!Array.isArray(flags)) throw new TypeError("the bootstrap data has no list `flags`");
  const read = new Map<string, Evaluation>();
  for (const [place, entry] of flags.entries()) {
    if (isEntry(entry)) read.set(entry[0], evaluationOf(entry));
    else broken(new TypeError(`flag ${place} of the bootstrap data can't be read`));
  }
  return { revision: Number.isSafeInteger(revision) ? (revision as number) : null, flags: read };
}

/** By way of its text, which is a copy, and has neither getters nor cycles. */
function membersOf(data: unknown): { readonly [name: string]: unknown } {
  const text: unknown = typeof data === "string" ? data : JSON.stringify(data);
  if (typeof text !== "string") throw new TypeError("there is no bootstrap data");
  if (text.length > TEXT_CHARACTERS)
    throw new TypeError(`the bootstrap data is longer than ${TEXT_CHARACTERS} characters`);
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null) throw new TypeError("the bootstrap data is no object");
  return parsed as { readonly [name: string]: unknown };
}

function isEntry(entry: unknown): entry is Entry {
  if (!Array.isArray(entry) || entry.length !== 5) return false;
  const [flagKey, , variant, reason, detail] = entry as unknown[];
  return typeof flagKey === "string" && typeof variant === "string" && isOutcome(reason, detail);
}

function isOutcome(reason: unknown, detail: unknown): boolean {
  if (reason === "ERROR") return ERRORS.includes(detail as ErrorCode);
  return OUTCOMES.some((outcome) => outcome[0] === reason && outcome[1] === detail);
}

function evaluationOf([flagKey, value, variant, reason, detail]: Entry): Evaluation {
  const decided = { flagKey, value, variant, flagMetadata: {} };
  if (reason !== "ERROR") return deepFreeze({ ...decided, reason, detail });
  const errorCode = detail as ErrorCode;
  return deepFreeze(failed(decided, errorCode, `the edge could not decide flag \`${flagKey}\`: ${errorCode}`));
}

type Decided = Pick<Evaluation, "flagKey" | "value" | "variant" | "flagMetadata">;

/** An error in place of a decision. */
export function failed(decided: Decided, errorCode: ErrorCode, errorMessage: string): Evaluation {
  const { flagKey, value, variant, flagMetadata } = decided;
  return { flagKey, value, variant, flagMetadata, reason: "ERROR", detail: errorCode, errorCode, errorMessage };
}
