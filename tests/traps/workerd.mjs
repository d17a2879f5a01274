/** A worker of this folder in a real workerd, with the package's engine on a rigged module. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { rigged } from "./rig.mjs";

const CORE = new URL("../../js/dist/pointsman.wasm", import.meta.url);

/**
 * @param {{ maxBytes?: number }} [limits]
 * @param {(request: import("miniflare").Request) => Promise<import("miniflare").Response>} [outboundService]
 */
export async function workerd(limits, outboundService) {
  const entry = fileURLToPath(new URL("worker.mjs", import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    external: ["*.wasm"],
  });
  return new Miniflare({
    cf: false,
    compatibilityDate: "2026-07-01",
    modulesRoot: "/",
    modules: [
      { type: "ESModule", path: "/worker.mjs", contents: outputFiles[0].text },
      { type: "CompiledWasm", path: "/pointsman.wasm", contents: rigged(CORE, limits) },
    ],
    outboundService,
  });
}
