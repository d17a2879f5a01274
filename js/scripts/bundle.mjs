/** Makes the npm package in js/: bundles and types in js/dist, beside the .wasm; licences and README. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { bundleCommand } from "./command.mjs";
import { writeNotices } from "./notices.mjs";
import { writeSums } from "./sums.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: top,
  bundle: true,
  charset: "utf8",
  external: ["*.wasm", "*.wasm?module", "node:*", "@openfeature/*"],
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  target: "es2022",
};

/**
 * How the .wasm is obtained: a loader each, in js/src/load. What a bundle of one needs beyond that.
 * @type {{ [runtime: string]: (build: string) => import("esbuild").BuildOptions }}
 */
const RUNTIMES = {
  node: () => ({}),
  workerd: () => ({}),
  "edge-light": () => ({}),
  // TypeScript 6 has no such import.
  deno: () => ({ banner: { js: 'import source compiled from "./pointsman.wasm";' } }),
  // Import attributes came with ES2025.
  bun: () => ({ target: "esnext" }),
  browser: () => ({}),
  inline: (build) => ({ define: { GZIPPED_WASM: JSON.stringify(gzippedWasm(build)) } }),
};

/** A build's folder in js/dist, its entry and its glue. */
const BUILDS = {
  "": { entry: "index", glue: "glue" },
  "flags/": { entry: "flags", glue: "flags-glue" },
  "full/": { entry: "index", glue: "glue" },
};

const ENGINES = Object.keys(BUILDS).flatMap((build) => Object.keys(RUNTIMES).map((runtime) => ({ build, runtime })));

/** Those with a request handler of their own, beside Cloudflare. */
const PLATFORMS = ["vercel", "netlify", "deno", "bun", "node", "service-worker"];

/** Whose types each bundle has. */
const TYPES = {
  ...Object.fromEntries(ENGINES.map(({ build, runtime }) => [build + runtime, BUILDS[build].entry])),
  explain: "explain/index",
  overrides: "trust/index",
  signature: "trust/signature",
  exposure: "exposure/index",
  bootstrap: "bootstrap/index",
  router: "router/index",
  cloudflare: "adapter/cloudflare/index",
  "openfeature-server": "openfeature/server",
  "openfeature-web": "openfeature/web",
  ofrep: "ofrep/index",
  source: "source/index",
  "source/file": "source/file",
  ...Object.fromEntries(PLATFORMS.map((name) => [`adapter/${name}`, `adapter/${name}/index`])),
};

/** On their own: who explains on a terminal, mints a token, or starts a page, has no router. */
const ALONE = {
  explain: "js/src/explain/index.ts",
  overrides: "js/src/trust/index.ts",
  signature: "js/src/trust/signature.ts",
  exposure: "js/src/exposure/index.ts",
  bootstrap: "js/src/bootstrap/index.ts",
  "openfeature-server": "js/src/openfeature/server.ts",
  "openfeature-web": "js/src/openfeature/web.ts",
  ofrep: "js/src/ofrep/index.ts",
  source: "js/src/source/index.ts",
  "source/file": "js/src/source/file.ts",
};

for (const folder of ["types", "adapter"]) rmSync(`${top}js/dist/${folder}`, { recursive: true, force: true });
await Promise.all([
  ...ENGINES.map(bundleEngine),
  ...Object.entries(ALONE).map(bundleAlone),
  bundleRest(),
  bundleAdapters(),
  bundleCommand(top, common),
  writeTypes(),
]);
copyDocuments();
writeNotices(top, `${top}js/dist/`);
writeSums(`${top}js/dist/`);

/**
 * An engine once a runtime.
 * @param {{ build: string, runtime: string }} engine
 */
async function bundleEngine({ build: name, runtime }) {
  const { entry, glue } = BUILDS[name];
  const alias = { "#load": `./js/src/load/${runtime}.ts`, "#glue": `./js/src/wasm/${glue}.js` };
  const files = { entryPoints: [`js/src/${entry}.ts`], outfile: `js/dist/${name}${runtime}.js` };
  await build({ ...common, alias, ...files, ...RUNTIMES[runtime](name) });
}

/** As text: base64 of gzip. @param {string} build */
function gzippedWasm(build) {
  return gzipSync(readFileSync(`${top}js/dist/${build}pointsman.wasm`), { level: 9 }).toString("base64");
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

/** A handler for each platform; what several of these share goes into files of their own. */
function bundleAdapters() {
  const entryPoints = Object.fromEntries(PLATFORMS.map((name) => [name, `js/src/adapter/${name}/index.ts`]));
  return build({ ...common, entryPoints, outdir: "js/dist/adapter", splitting: true, chunkNames: "shared-[hash]" });
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
