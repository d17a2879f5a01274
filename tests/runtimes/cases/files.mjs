import { readFileSync, readdirSync } from "node:fs";

const FOLDER = new URL("../../cases/", import.meta.url);

/** The whole corpus. @returns {import("./run.mjs").CaseFile[]} */
export function caseFiles() {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return names.map((name) => ({ name, ...JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) }));
}

/** How many cases each build runs at least: a runner that finds fewer has lost some. */
export const LEAST_EXPECTED = { flags: 3_100, core: 3_400, full: 3_600 };
