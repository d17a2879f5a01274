import { lineOf } from "../problem.js";
import type { Problem } from "../types.js";
import { STANDARD } from "./files.js";
import { sourceOf } from "./excerpt.js";
import { shown, type Colours } from "./terminal.js";

/** What a file is called where it is told of. */
export function nameOf(path: string): string {
  return path === STANDARD ? "stdin" : shown(path);
}

/** All problems of a snapshot, each with its line and a caret under its place: `file:line:column pointer: message (CODE)`. */
export function problemsText(path: string, bytes: Uint8Array, problems: readonly Problem[], colours: Colours): string {
  const source = sourceOf(bytes, colours);
  const texts = problems.map((problem) => {
    const place = `${problem.line}:${problem.column}`;
    const rest = shown(lineOf(problem)).slice(place.length);
    return `${colours.bold(`${nameOf(path)}:${place}`)}${rest}\n${source.excerpt(problem)}`;
  });
  return texts.join("\n");
}
