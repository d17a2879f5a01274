import type { Aged, Stored } from "./source.js";

/** What a source gave, with its age: just confirmed, unless it says otherwise. */
export function agedOf(read: Stored | Aged): Aged {
  return typeof read === "object" && "snapshot" in read ? read : { snapshot: read, age: 0 };
}
