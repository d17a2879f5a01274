import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** axe-core, to be evaluated in a page. */
export const AXE = await readFile(fileURLToPath(import.meta.resolve("axe-core")), "utf8");

/**
 * What axe finds wrong with the page as it stands: each rule with the elements that break it.
 * @param {import("./browsers.mjs").Browser} browser
 */
export function violations(browser) {
  return browser.run(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => html + failureSummary)]))`);
}
