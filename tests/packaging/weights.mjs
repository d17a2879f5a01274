/**
 * What the package weighs: installed, and in what each bundler makes of a page that imports it, as bytes raw and brotli 11.
 *
 *     node tests/packaging/weights.mjs [--write]     (--write: into docs/platforms.md)
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { createGlue as createFlagsGlue } from "../../js/src/wasm/flags-glue.js";
import { createGlue } from "../../js/src/wasm/glue.js";
import { copyWasm, FINDING, PLAIN, WASM, withPage } from "./bundlers.mjs";
import { install, top } from "./install.mjs";

const DOCUMENT = `${top}docs/platforms.md`;
const BEGIN = "<!-- weights: written by tests/packaging/weights.mjs -->\n";
const END = "<!-- /weights -->\n";

/** Files below a folder. @returns {string[]} */
function filesIn(/** @type {string} */ folder) {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  return names.filter((name) => statSync(name).isFile());
}

const number = (/** @type {number} */ bytes) => bytes.toLocaleString("en");

/** JavaScript and .wasm of a folder, each file compressed by itself, as a server does. */
function weigh(/** @type {string} */ folder) {
  const files = filesIn(folder).filter((name) => /\.(?:m?js|wasm)$/.test(name));
  const bytes = files.map((name) => readFileSync(name));
  const sum = (/** @type {number[]} */ parts) => number(parts.reduce((a, b) => a + b, 0));
  return {
    raw: sum(bytes.map((file) => file.length)),
    brotli: sum(bytes.map((file) => brotliCompressSync(file).length)),
  };
}

const IMPORTS = ["pointsman/flags", "pointsman", "pointsman/flags/inline", "pointsman/inline"];

/** A row of the table: what a bundler makes of each import. */
async function rowOf([bundler, bundle]) {
  const cells = [];
  for (const name of IMPORTS) {
    const weight = await withPage(bundle, name, (out, folder) => {
      if (bundler in PLAIN && name in WASM) copyWasm(name, out, folder);
      return weigh(out);
    });
    cells.push(`${weight.raw} (${weight.brotli})`);
  }
  return `| ${bundler} | ${cells.join(" | ")} |`;
}

/** Bytes of linear memory that an engine has without a snapshot. */
function memoryOf(/** @type {string} */ wasm) {
  const glue = wasm.startsWith("dist/flags") ? createFlagsGlue : createGlue;
  return number(glue(new WebAssembly.Module(readFileSync(`${top}js/${wasm}`))).memory.buffer.byteLength);
}

function installed() {
  const { folder, tarball, remove } = install();
  const files = filesIn(join(folder, "node_modules/pointsman")).map((name) => statSync(name).size);
  const bytes = files.reduce((a, b) => a + b, 0);
  remove();
  return `Installed: ${number(bytes)} bytes in ${files.length} files; packed, ${number(statSync(tarball).size)}.`;
}

const rows = [];
for (const entry of Object.entries({ ...FINDING, ...PLAIN })) rows.push(await rowOf(entry));
const memory = Object.entries(WASM).map(([name, wasm]) => `\`${name}\` ${memoryOf(wasm)}`);
const text = `${BEGIN}${installed()} Linear memory of an engine without a snapshot, bytes: ${memory.join(", ")}.

| bytes, raw (brotli) | ${IMPORTS.map((name) => `\`${name}\``).join(" | ")} |
|---|${"---|".repeat(IMPORTS.length)}
${rows.join("\n")}
${END}`;
console.log(text);
if (process.argv.includes("--write")) {
  const [before, rest] = readFileSync(DOCUMENT, "utf8").split(BEGIN);
  writeFileSync(DOCUMENT, `${before}${text}${rest?.split(END)[1]}`);
}
