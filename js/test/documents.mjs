/** Pages of documentation as tests read them: their text, and their blocks of code. */
import { readFileSync } from "node:fs";

/** A page, named from the top of the repository. @param {string} name */
export const page = (name) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

/** The blocks of a page in one language. @param {string} text @param {string} language */
export function blocks(text, language) {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter((found) => found[1] === language)
    .map((found) => found[2]);
}
