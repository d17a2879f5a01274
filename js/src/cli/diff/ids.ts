import type { Definitions } from "../definitions.js";

/** Ids that nobody has: the same ones each time, so that two runs can be compared. */
export function generatedIds(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `sample-${index}`);
}

/** Ids of a file, one a line; empty lines are none. */
export function idsIn(bytes: Uint8Array): readonly string[] {
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  return lines.filter((line) => line !== "");
}

/** The attributes that hold an id: `userId`, and for every `bucketBy` without it the first that it names. */
export function unitAttributes(definitions: Definitions): readonly string[] {
  return [...new Set(["userId", ...bucketedBy(definitions)])];
}

function bucketedBy(within: unknown): readonly string[] {
  if (typeof within !== "object" || within === null) return [];
  const { bucketBy, ...others } = within as { readonly bucketBy?: unknown };
  const names = [bucketBy].flat().filter((name) => typeof name === "string");
  const own = names.includes("userId") ? [] : names.slice(0, 1);
  return [...own, ...Object.values(others).flatMap(bucketedBy)];
}
