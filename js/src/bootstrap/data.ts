import type { Detail, Json, Reason } from "../types.js";

/** The version of what follows. */
export const SCHEMA = 1;

/**
 * What a page is given: decisions alone. A list, and not an object by key: an object written into a script, not parsed as JSON, has
 * no member `__proto__`.
 */
export interface BootstrapData {
  readonly schema: typeof SCHEMA;
  /** The revision of the snapshot that decided, or null where it has none. */
  readonly revision: number | null;
  readonly flags: readonly Entry[];
}

/** A flag's key, its value and its variant for this visitor, and why. */
export type Entry = readonly [flagKey: string, value: Json, variant: string, reason: Reason, detail: Detail];
