import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

/** A worker of this repository: its modules are files, those that it imports as well. */
export const MODULES = {
  cf: /** @type {const} */ (false),
  rootPath: TOP,
  modulesRoot: TOP,
  modules: /** @type {const} */ (true),
  modulesRules: [
    { type: /** @type {const} */ ("ESModule"), include: ["**/*.js", "**/*.mjs"] },
    { type: /** @type {const} */ ("CompiledWasm"), include: ["**/*.wasm"] },
  ],
};

/**
 * What a worker in a real workerd answers, as JSON.
 * @param {string} scriptPath - from the top of the repository.
 * @param {import("miniflare").RequestInit} [init]
 */
export async function askWorkerd(scriptPath, init) {
  const miniflare = new Miniflare({
    ...MODULES,
    scriptPath,
    compatibilityDate: "2026-07-01",
  });
  try {
    const response = await miniflare.dispatchFetch("http://worker/", init);
    return /** @type {any} */ (await response.json());
  } finally {
    await miniflare.dispose();
  }
}
