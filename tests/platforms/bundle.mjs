import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const TOP = fileURLToPath(new URL("../../", import.meta.url));

/**
 * An example as its platform's own tool bundles it, which leaves the .wasm beside the code.
 * @param {string} entry
 * @param {string} condition - of the package's exports.
 * @param {import("esbuild").BuildOptions} [options]
 */
export async function bundled(entry, condition, options) {
  const result = await build({
    absWorkingDir: TOP,
    entryPoints: [entry],
    bundle: true,
    conditions: [condition],
    external: ["*.wasm", "node:*"],
    format: "esm",
    write: false,
    ...options,
  });
  const wasm = readFileSync(`${TOP}js/dist/pointsman.wasm`);
  return { code: result.outputFiles?.[0]?.text ?? "", wasm };
}
