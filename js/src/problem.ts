import type { Problem } from "./types.js";

/** A problem on one line, for people: `line:column pointer: message (CODE)`. Terminals get no control characters. */
export function lineOf({ line, column, pointer, message, code }: Problem): string {
  const path = pointer === "" ? "" : ` ${pointer.replace(/\p{Cc}/gu, "\ufffd")}`;
  return `${line}:${column}${path}: ${message} (${code})`;
}
