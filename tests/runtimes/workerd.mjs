import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

/**
 * What a worker in a real workerd answers, as JSON.
 * @param {string} scriptPath - from the top of the repository.
 * @param {import("miniflare").RequestInit} [init]
 */
export async function askWorkerd(scriptPath, init) {
  const miniflare = new Miniflare({
    cf: false,
    rootPath: TOP,
    modulesRoot: TOP,
    modules: true,
    modulesRules: [
      { type: "ESModule", include: ["**/*.js", "**/*.mjs"] },
      { type: "CompiledWasm", include: ["**/*.wasm"] },
    ],
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
