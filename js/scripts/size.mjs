/**
 * What each build weighs in a page or worker: raw, gzip 9 and brotli 11 bytes, of the wasm, of glue and engine minified, and of both
 * together as the two files that they are.
 *
 *     node js/scripts/size.mjs [--write]     (--write: into tests/packaging/sizes.json)
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { transformSync } from "esbuild";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const COMMITTED = new URL("../../tests/packaging/sizes.json", import.meta.url);

/** Where each build lies, in js/dist. */
const FOLDERS = { flags: "flags/", core: "", full: "full/" };

/** @typedef {{ raw: number, gzip: number, brotli: number }} Size */
/** @typedef {{ wasm: Size, js: Size, together: Size }} Sizes */

/** @type {(bytes: Uint8Array) => Size} */
const sizeOf = (bytes) => ({
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes).length, // quality 11 is Node's default
});

/** @type {(a: Size, b: Size) => Size} */
const sum = (a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli });

/** @type {(folder: string) => Sizes} */
function sizesIn(folder) {
  const wasm = sizeOf(readFileSync(`${dist}${folder}pointsman.wasm`));
  const source = readFileSync(`${dist}${folder}browser.js`, "utf8");
  const js = sizeOf(Buffer.from(transformSync(source, { minify: true, target: "es2022" }).code));
  return { wasm, js, together: sum(wasm, js) };
}

/** Of each build, as it lies in js/dist. @returns {{ [build: string]: Sizes }} */
export function sizes() {
  return Object.fromEntries(Object.entries(FOLDERS).map(([build, folder]) => [build, sizesIn(folder)]));
}

/** What was committed, and by which compiler: another one's module weighs otherwise. @returns {{ rustc: string, builds: ReturnType<typeof sizes> }} */
export const committedSizes = () => JSON.parse(readFileSync(COMMITTED, "utf8"));

function write() {
  const rustc = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
  writeFileSync(COMMITTED, `${JSON.stringify({ rustc, builds: sizes() }, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = Object.entries(sizes()).flatMap(([build, parts]) =>
    Object.entries(parts).map(([part, size]) => ({ build, part, ...size })),
  );
  console.table(rows);
  if (process.argv.includes("--write")) write();
}
