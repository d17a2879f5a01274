/** One engine as one file, as a bundler makes it; its .wasm stands beside it, or in a folder that the engine wants, where it has one. */
import { copyFileSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL("./", import.meta.url));

/**
 * @param {any} engine - an adapter
 * @param {string} contents - the entry, as if it were in this folder
 * @param {string} outfile
 * @param {import("esbuild").BuildOptions} options
 */
export async function bundle(engine, contents, outfile, options) {
  const stdin = { contents, resolveDir: here, sourcefile: "entry.mjs" };
  await build({ bundle: true, minify: true, legalComments: "none", logLevel: "error", outfile, stdin, ...options });
  const folder = join(dirname(outfile), engine.about.wasmFolder ?? "");
  mkdirSync(folder, { recursive: true });
  for (const file of wasmFiles(engine)) copyFileSync(file, join(folder, basename(file)));
}

/** @param {any} engine @returns {string[]} */
export const wasmFiles = ({ about }) => (about.wasm === undefined ? [] : [fileURLToPath(about.wasm())]);
