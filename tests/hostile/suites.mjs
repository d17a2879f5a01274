import { outcomeOf } from "./check.mjs";
import { runClocks } from "./clocks.mjs";
import { runContexts } from "./contexts.mjs";
import { ESCAPED, runEqual, TEXT } from "./equal.mjs";
import { runNames } from "./names.mjs";
import { runTokens } from "./tokens.mjs";

/**
 * Everything but the values of `run.mjs`, with one build.
 * @param {any} module
 * @param {Uint8Array} compiled - `ESCAPED`, compiled.
 * @returns {Promise<{ [suite: string]: import("./check.mjs").Outcome }>}
 */
export async function runSuites(module, compiled) {
  const snapshots = { "as JSON": TEXT, "escaped in JSON": ESCAPED, compiled };
  return {
    clocks: await outcomeOf((check) => runClocks(module, check)),
    contexts: await outcomeOf((check) => runContexts(module, check)),
    equal: await outcomeOf((check) => runEqual(module, check, snapshots)),
    names: await outcomeOf((check) => runNames(module, check)),
    tokens: await outcomeOf((check) => runTokens(module, check)),
  };
}
