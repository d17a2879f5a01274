import { isContext } from "../context.js";
import type { EvaluationContext } from "../types.js";

/**
 * The context as the engine reads it: a `Date` becomes the RFC 3339 text that `before` and `after` compare, and one that holds no
 * time is absent. Only the attributes that the snapshot asks for are looked at, so that a context may hold whatever it likes,
 * circles too. The very same object where there is nothing to change.
 */
export function withoutDates(context: EvaluationContext, attributes: readonly string[]): EvaluationContext {
  if (!isContext(context)) return context;
  try {
    const changed = attributes.flatMap((name) => translated(name, read(context, name)));
    return changed.length === 0 ? context : { ...context, ...Object.fromEntries(changed) };
  } catch {
    // A getter throws, and will again when the engine reads it: that is an invalid context.
    return context;
  }
}

/** As the engine does: an own key of the whole name wins over a path. */
function read(context: EvaluationContext, name: string): unknown {
  return Object.hasOwn(context, name) ? context[name] : name.split(".").reduce<unknown>(member, context);
}

function member(holder: unknown, name: string): unknown {
  return isContext(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

/** The name and the new value; nothing where the value may stay. */
function translated(name: string, value: unknown): [name: string, value: unknown][] {
  if (value instanceof Date) return [[name, textOf(value)]];
  if (Array.isArray(value) && value.some((element) => element instanceof Date)) return [[name, value.map(plain)]];
  return [];
}

function plain(value: unknown): unknown {
  return value instanceof Date ? textOf(value) : value;
}

function textOf(date: Date): string | null {
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
