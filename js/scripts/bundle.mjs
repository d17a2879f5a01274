/** Makes the npm package in js/: bundles and types in js/dist, beside the .wasm; licences and README. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleCommand } from "./command.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: top,
  bundle: true,
  charset: "utf8",
  external: ["*.wasm", "node:*"],
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  target: "es2022",
};

const RUNTIMES = ["node", "workerd", "browser"];

/** Whose types each bundle has. */
const TYPES = {
  ...Object.fromEntries(RUNTIMES.flatMap((runtime) => [runtime, `full/${runtime}`]).map((name) => [name, "index"])),
  ...Object.fromEntries(RUNTIMES.map((runtime) => [`flags/${runtime}`, "flags"])),
  explain: "explain/index",
  overrides: "trust/index",
  router: "router/index",
  cloudflare: "adapter/cloudflare/index",
};

/** On their own: who explains on a terminal, or mints a token, has no router. */
const ALONE = {
  explain: "js/src/explain/index.ts",
  overrides: "js/src/trust/index.ts",
};

rmSync(`${top}js/dist/types`, { recursive: true, force: true });
await Promise.all([
  ...RUNTIMES.map(bundleEngine),
  ...RUNTIMES.map(bundleFlags),
  ...Object.entries(ALONE).map(bundleAlone),
  bundleRest(),
  bundleCommand(top, common),
  writeTypes(),
]);
copyDocuments();

/**
 * The engine once a runtime: they differ in how the .wasm is obtained. The full build's is the same, beside another .wasm.
 * @param {string} runtime
 */
async function bundleEngine(runtime) {
  const alias = { "#load": `./js/src/load/${runtime}.ts`, "#glue": "./js/src/wasm/glue.js" };
  await build({ ...common, alias, entryPoints: ["js/src/index.ts"], outfile: `js/dist/${runtime}.js` });
  copyFileSync(`${top}js/dist/${runtime}.js`, `${top}js/dist/full/${runtime}.js`);
}

/**
 * The engine for pages, with glue of its own.
 * @param {string} runtime
 */
async function bundleFlags(runtime) {
  const alias = { "#load": `./js/src/load/${runtime}.ts`, "#glue": "./js/src/wasm/flags-glue.js" };
  await build({ ...common, alias, entryPoints: ["js/src/flags.ts"], outfile: `js/dist/flags/${runtime}.js` });
}

/** @param {[name: string, source: string]} entry */
function bundleAlone([name, source]) {
  return build({ ...common, entryPoints: [source], outfile: `js/dist/${name}.js` });
}

/** What runs on any engine; what two of these share goes into a file of its own. */
function bundleRest() {
  const entryPoints = {
    router: "js/src/router/index.ts",
    cloudflare: "js/src/adapter/cloudflare/index.ts",
  };
  return build({ ...common, entryPoints, outdir: "js/dist", splitting: true, chunkNames: "shared" });
}

async function writeTypes() {
  const tsc = ["node_modules/typescript/bin/tsc", "--project", "js"];
  const [code] = await once(spawn(process.execPath, tsc, { cwd: top, stdio: "inherit" }), "exit");
  if (code !== 0) process.exit(1);
  // Nobody imports the command.
  rmSync(`${top}js/dist/types/cli`, { recursive: true });
  for (const [bundle, source] of Object.entries(TYPES)) {
    const up = bundle.includes("/") ? "../" : "./";
    writeFileSync(`${top}js/dist/${bundle}.d.ts`, `export * from "${up}types/${source}.js";\n`);
  }
}

/** npm packs what is in js/ alone. */
function copyDocuments() {
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT", "README.md"]) copyFileSync(top + name, `${top}js/${name}`);
}
