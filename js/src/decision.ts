import {
  CODE_FLAG_NOT_FOUND,
  CODE_GENERAL,
  CODE_INVALID_CONTEXT,
  CODE_TYPE_MISMATCH,
  ERRORS,
  LIST_ELEMENTS,
  NO_RULE,
  NO_VARIANT,
  OUTCOMES,
  REGION_BYTES,
  STRING_BYTES,
} from "./layout.js";
import type { ErrorCode, Evaluation, FlagMetadata, Json } from "./types.js";

/** What the engine tells of a flag. */
export interface Description {
  readonly names: readonly string[];
  readonly values: readonly Json[];
  /** The place of the `offVariant`, or null where it is unknown. */
  readonly off: number | null;
  /** The attributes that the flag asks for, by their places in the snapshot's list. */
  readonly attributes: readonly number[];
  /** True when decisions depend on the time. */
  readonly timed: boolean;
  readonly metadata: FlagMetadata | null;
  /** True for a flag that browsers are not to get. */
  readonly serverOnly?: true;
  readonly rules: readonly (string | null)[];
}

/** What is told of a flag while there is no instance to ask. Timed, so that only the path that looks at it takes it. */
export const UNKNOWN: Description = {
  names: [],
  values: [],
  off: null,
  attributes: [],
  timed: true,
  metadata: null,
  rules: [],
};

const NO_METADATA: FlagMetadata = Object.freeze({});

/** Turns decision words of one flag into what callers see. */
export interface Decisions {
  readonly key: string;
  readonly description: Description;
  /** Each word's decision, made once: decisions are immutable and a flag has few of them. */
  readonly made: Map<number, Evaluation>;
}

/** The decision that a word stands for; the same frozen object for the same word. */
export function evaluationOf(flag: Decisions, word: number): Evaluation {
  const known = flag.made.get(word);
  if (known !== undefined) return known;
  const made = deepFreeze(evaluate(flag, word));
  flag.made.set(word, made);
  return made;
}

function evaluate(flag: Decisions, word: number): Evaluation {
  if (isError(word)) return failed(flag, word);
  // Without its description the engine's word says nothing.
  return flag.description === UNKNOWN ? failed(flag, GENERAL) : decided(flag, word);
}

/** The word of a decision that the JS side made, because the engine could not. */
export function errorWord(code: number): number {
  return NO_VARIANT | (code << 8) | (NO_RULE << 16);
}

/** Errors have the highest bit of the code. */
export function isError(word: number): boolean {
  return (word & 0x80_00) !== 0;
}

/** The decision over a flag that the snapshot doesn't have. What is no string may throw when it is made one: its type is told. */
export function notFound(flagKey: unknown): Evaluation {
  const key = typeof flagKey === "string" ? flagKey : typeof flagKey;
  const flag = { key, description: UNKNOWN, made: new Map<number, Evaluation>() };
  return evaluationOf(flag, errorWord(CODE_FLAG_NOT_FOUND));
}

/** The value where it is of the default's type, otherwise the default. */
export function valueOr(flag: Decisions, word: number, defaultValue: Json): Json {
  return isOfType(flag, word, defaultValue) ? (flag.description.values[word & 0xff] as Json) : defaultValue;
}

/** The decision; where `valueOr` gives the default, that stands in place of variant and value. */
export function detailsOr(flag: Decisions, word: number, defaultValue: Json): Evaluation {
  if (isOfType(flag, word, defaultValue)) return evaluationOf(flag, word);
  return defaulted(evaluationOf(flag, isError(word) ? word : errorWord(CODE_TYPE_MISMATCH)), defaultValue);
}

/** An error with the caller's default. */
export function defaulted(failure: Evaluation, value: Json): Evaluation {
  return Object.freeze({ ...failure, value, variant: null });
}

function isOfType(flag: Decisions, word: number, defaultValue: Json): boolean {
  const value = isError(word) ? undefined : flag.description.values[word & 0xff];
  return value !== undefined && typeOf(value) === typeOf(defaultValue);
}

/** As `Engine.isEnabled`, of what was decided already. */
export function isTrue(evaluation: Evaluation | undefined): boolean {
  return evaluation?.value === true && evaluation.errorCode === undefined;
}

/** Freezes a value and all in it, so that no caller can change what another one gets. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
  return value;
}

/** JSON's types: what `typeof` says, but lists and null are types of their own. */
export function typeOf(value: Json): string {
  if (typeof value !== "object") return typeof value;
  return value === null ? "null" : isList(value) ? "list" : "object";
}

/** `Array.isArray`, but no revoked proxy makes it throw. */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

function decided({ key, description }: Decisions, word: number): Evaluation {
  const variant = word & 0xff;
  const [reason, detail] = OUTCOMES[(word >> 8) & 0xff] as (typeof OUTCOMES)[number];
  const decision: Evaluation = {
    flagKey: key,
    value: description.values[variant] ?? null,
    variant: description.names[variant] ?? null,
    reason,
    detail,
    flagMetadata: description.metadata ?? NO_METADATA,
  };
  return detail === "rule" ? { ...decision, rule: ruleOf(description, word >>> 16) } : decision;
}

/** A rule's place, and its name if it has one. */
export function ruleOf({ rules }: Description, index: number): { index: number; name?: string } {
  const name = rules[index] ?? null;
  return name === null ? { index } : { index, name };
}

function failed({ key, description }: Decisions, word: number): Evaluation {
  const errorCode = ERRORS[(word >> 8) & 0x7f] ?? "GENERAL";
  const { names, values, off, metadata } = description;
  return {
    flagKey: key,
    value: off === null ? null : (values[off] ?? null),
    variant: off === null ? null : (names[off] ?? null),
    reason: "ERROR",
    detail: errorCode,
    errorCode,
    errorMessage: MESSAGES[errorCode](key),
    flagMetadata: metadata ?? NO_METADATA,
  };
}

const MESSAGES: { readonly [code in ErrorCode]: (key: string) => string } = {
  FLAG_NOT_FOUND: (key) => `the snapshot has no flag \`${key}\``,
  PARSE_ERROR: (key) => `flag \`${key}\` is broken in the snapshot; \`engine.problems\` says where`,
  TYPE_MISMATCH: (key) => `the value of flag \`${key}\` has another type than was asked for`,
  TARGETING_KEY_MISSING: (key) =>
    `the context has none of the ids that flag \`${key}\` is bucketed by; an id is a non-empty string or an integer`,
  INVALID_CONTEXT: () =>
    "the context must be an object whose getters don't throw, with strings of at most " +
    `${STRING_BYTES} bytes, lists of at most ${LIST_ELEMENTS} elements, and ${REGION_BYTES} bytes in all`,
  GENERAL: (key) => `the engine could not decide flag \`${key}\`; it restores itself`,
};

/** The word of an invalid context. */
export const INVALID_CONTEXT = errorWord(CODE_INVALID_CONTEXT);
/** The word of an engine that could not answer. */
export const GENERAL = errorWord(CODE_GENERAL);
