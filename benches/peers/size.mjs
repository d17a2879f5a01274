/** What a page or worker loads: JavaScript, bundled and minified, and wasm, each brotli 11. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { bundle, wasmFiles } from "./bundle.mjs";

/** Quality 11 is Node's default. @param {string} file */
const brotli = (file) => brotliCompressSync(readFileSync(file)).length;

/** @param {any} engine - an adapter */
export async function sizeOf(engine) {
  const { entry, platform = "browser" } = engine.about.size;
  const folder = mkdtempSync(join(tmpdir(), "pointsman-size-"));
  try {
    const outfile = join(folder, "bundle.mjs");
    await bundle(engine, entry, outfile, { format: "esm", platform, target: "es2022" });
    const js = brotli(outfile);
    const wasm = wasmFiles(engine).reduce((sum, file) => sum + brotli(file), 0);
    return { js, wasm, together: js + wasm, platform };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
