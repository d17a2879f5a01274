import { readFile } from "node:fs/promises";
import { watchFile } from "node:fs";

/** Editors write in several steps, and some replace the file: it is looked at this often, in milliseconds. */
const INTERVAL = 150;

/**
 * Calls back with a file's text after each change; not while it is missing or empty, for then it is being written.
 * @param {string} path
 * @param {(text: string) => Promise<unknown>} changed
 */
export function watchText(path, changed) {
  const look = async () => {
    const text = await readFile(path, "utf8").catch(() => "");
    if (text !== "") await changed(text);
  };
  watchFile(path, { interval: INTERVAL }, () => void look());
}
