/**
 * Which of the package's engines a test file is about. By itself it is the core's; flags.test.mjs runs some files again, each with an
 * address that asks for the other: `decision.test.mjs?build=flags`.
 */

/** @param {string} address - a test file's `import.meta.url`. */
const isFlags = (address) => new URL(address).searchParams.get("build") === "flags";

/**
 * The engine's module for Node. Typed as the core's: what the flags build lacks is skipped.
 * @param {string} address
 * @returns {Promise<typeof import("../dist/node.js")>}
 */
export const engineModule = (address) =>
  isFlags(address) ? /** @type {any} */ (import("../dist/flags/node.js")) : import("../dist/node.js");

/**
 * The options of a test that needs routes, guards, explanations or compiled snapshots.
 * @param {string} address
 */
export const edgeAlone = (address) => ({
  skip: isFlags(address) && "the flags build has no routes, guards, explanations and compiled snapshots",
});
