import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../types.js";
import { definitionOf, type Definitions } from "../definitions.js";

/**
 * The flags that may decide otherwise by the new snapshot: those whose definitions differ, and those that depend on them, through
 * however many prerequisites. All of them, where what they share differs. The others need not be tried, which is most of the work
 * where one flag of thousands has changed.
 */
export function affectedFlags(before: Definitions, after: Definitions): readonly string[] {
  const keys = allFlags(before, after);
  if (!shareTheSame(before, after)) return keys;
  const affected = new Set(
    keys.filter((key) => !isDeepStrictEqual(definitionOf(before, key), definitionOf(after, key))),
  );
  const prerequisites = new Map(keys.map((key) => [key, namedFlags(definitionOf(after, key))]));
  const ofSegments = namedFlags(after.segments);
  for (let size = -1; size < affected.size;) {
    size = affected.size;
    if (ofSegments.some((flag) => affected.has(flag))) return keys;
    for (const [key, needed] of prerequisites) if (needed.some((flag) => affected.has(flag))) affected.add(key);
  }
  return keys.filter((key) => affected.has(key));
}

/** The flags of both. */
export function allFlags(before: Definitions, after: Definitions): readonly string[] {
  return [...new Set([before, after].flatMap(({ flags = {} }) => Object.keys(flags)))];
}

function shareTheSame(before: Definitions, after: Definitions): boolean {
  const shared = ({ salt, segments, layers }: Definitions) => [salt, segments, layers];
  return isDeepStrictEqual(shared(before), shared(after));
}

/** The flags that conditions within ask for: `{ "flag": KEY, "is": … }`. */
function namedFlags(within: unknown): readonly string[] {
  if (typeof within !== "object" || within === null) return [];
  const { flag, is } = within as { readonly [name: string]: Json };
  const own = typeof flag === "string" && is !== undefined ? [flag] : [];
  return [...own, ...Object.values(within).flatMap(namedFlags)];
}
