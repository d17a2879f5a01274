/** What options hold, read from text. Each throws commander's error for a text of another form. */
import { InvalidArgumentError } from "commander";
import type { EvaluationContext, Json } from "../types.js";

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i;
/** The last moment that a `Date` has. */
const LAST_MOMENT = 8.64e15;

/** A time in RFC 3339, or in milliseconds since 1970: the latter. */
export function timeIn(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : RFC_3339.test(text) ? Date.parse(text) : NaN;
  if (time <= LAST_MOMENT) return time;
  throw new InvalidArgumentError("Write a time as 2026-11-24T09:00:00Z, or in milliseconds since 1970.");
}

/** A duration such as `250ms`, `30s`, `2m`, `24h` or `7d`, in milliseconds; more than 0. */
export function durationIn(text: string): number {
  const [, count, unit = ""] = DURATION.exec(text) ?? [];
  const duration = Number(count) * (UNITS[unit] ?? NaN);
  if (duration > 0) return duration;
  throw new InvalidArgumentError("Write a duration as 250ms, 30s, 2m, 24h or 7d.");
}

/** A percentage of 0 to 100, with or without its sign, as a share of 1. */
export function shareIn(text: string): number {
  const percentage = /^\d+(?:\.\d+)?\s*%?$/.test(text) ? Number.parseFloat(text) : NaN;
  if (percentage <= 100) return percentage / 100;
  throw new InvalidArgumentError("Write a percentage of 0 to 100.");
}

/** A whole number, 1 or more. */
export function countIn(text: string): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= 1 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("Write a whole number, 1 or more.");
}

/** Any JSON value. */
export function jsonIn(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new InvalidArgumentError("It is not JSON: a text needs its quotes, '\"like this\"'.");
  }
}

/** A JSON object. */
export function contextIn(text: string): EvaluationContext {
  const context = jsonIn(text);
  if (typeof context === "object" && context !== null && !Array.isArray(context)) return context as EvaluationContext;
  throw new InvalidArgumentError('Write a JSON object, \'{"plan":"pro"}\'.');
}

/** `key=text` or `key:=json`, added to those before. */
export function attributeIn(text: string, before: EvaluationContext = {}): EvaluationContext {
  const [, key, equals, value = ""] = /^([^=]+?)(:?=)([^]*)$/.exec(text) ?? [];
  if (key === undefined) throw new InvalidArgumentError("Write key=text, or key:=json for a number, say.");
  return { ...before, ...Object.fromEntries([[key, equals === "=" ? value : jsonIn(value)]]) };
}

/** An option that may be given more than once: all its texts. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
