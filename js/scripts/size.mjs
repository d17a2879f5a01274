/** Prints what the engine weighs in a page or worker: raw, gzip 9 and brotli 11 bytes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { transformSync } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** @typedef {{ name: string, raw: number, gzip: number, brotli: number }} Size */

/** @type {(name: string, bytes: Uint8Array) => Size} */
const sizeOf = (name, bytes) => ({
  name,
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes).length, // quality 11 is Node's default
});

/**
 * Each part, and both together as the two files that they are.
 * @param {string} folder - where the build lies, in js/dist: "flags/", "" for the core, "full/".
 * @returns {Size[]}
 */
export function sizes(folder) {
  const wasm = sizeOf(`${folder}pointsman.wasm`, readFileSync(`${dist}${folder}pointsman.wasm`));
  const { code: minified } = transformSync(readFileSync(`${dist}${folder}browser.js`, "utf8"), {
    minify: true,
    target: "es2022",
  });
  const engine = sizeOf(`${folder}glue and engine, minified`, Buffer.from(minified));
  const sum = {
    name: `${folder}together`,
    raw: wasm.raw + engine.raw,
    gzip: wasm.gzip + engine.gzip,
    brotli: wasm.brotli + engine.brotli,
  };
  return [wasm, engine, sum];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(["flags/", "", "full/"].flatMap(sizes));
