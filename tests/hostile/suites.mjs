import { outcomeOf } from "./check.mjs";
import { runClocks } from "./clocks.mjs";
import { runContexts } from "./contexts.mjs";

const SUITES = { clocks: runClocks, contexts: runContexts };

/**
 * Everything but the values of `run.mjs`, with one build.
 * @param {any} module
 * @returns {Promise<{ [suite: string]: import("./check.mjs").Outcome }>}
 */
export async function runSuites(module) {
  /** @type {{ [suite: string]: import("./check.mjs").Outcome }} */
  const outcomes = {};
  for (const [name, suite] of Object.entries(SUITES)) outcomes[name] = await outcomeOf((check) => suite(module, check));
  return outcomes;
}
