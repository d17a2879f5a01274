import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const AXE = await readFile(fileURLToPath(import.meta.resolve("axe-core")), "utf8");

/**
 * What axe finds wrong with the page as it stands: each rule with the elements that break it.
 * @param {import("./browsers.mjs").Browser} browser
 */
export async function violations(browser) {
  await browser.run(`void (0, eval)(${JSON.stringify(AXE)})`);
  return browser.run(`axe.run().then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => html + failureSummary)]))`);
}
