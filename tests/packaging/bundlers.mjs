/** Each bundler, as its documentation shows it and with nothing configured for this package: from a folder's index.html and main.js to out/. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { library, run, tool } from "./tools.mjs";

/** @typedef {(folder: string) => Promise<unknown>} Bundle */

/** Those that find the .wasm by themselves. @type {{ [name: string]: Bundle }} */
export const FINDING = {
  vite: (folder) => node(folder, tool("vite/bin/vite.js"), "build", "--outDir", "out", "--logLevel", "warn"),
  parcel: (folder) => {
    const options = ["--dist-dir", "out", "--no-cache", "--no-source-maps"];
    return node(folder, tool("parcel/lib/bin.js"), "build", "index.html", ...options);
  },
  async webpack(folder) {
    const { default: webpack } = await library("webpack");
    const output = { path: join(folder, "out"), filename: "main.js" };
    const compiler = webpack({ context: folder, entry: "./main.js", mode: "production", output });
    const stats = await new Promise((done, fail) =>
      compiler.run((error, result) => (error ? fail(error) : done(result))),
    );
    if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString());
    copyPage(folder);
  },
};

/** Those that take the JavaScript alone: the .wasm is copied, or inlined. @type {{ [name: string]: Bundle }} */
export const PLAIN = {
  async rollup(folder) {
    const { rollup } = await library("rollup");
    const { default: nodeResolve } = await library("@rollup/plugin-node-resolve");
    const made = await rollup({ input: join(folder, "main.js"), plugins: [nodeResolve({ browser: true })] });
    await made.write({ dir: join(folder, "out"), format: "es" });
    copyPage(folder);
  },
  async esbuild(folder) {
    const files = { entryPoints: [join(folder, "main.js")], outdir: join(folder, "out") };
    await build({ ...files, absWorkingDir: folder, bundle: true, format: "esm", minify: true });
    copyPage(folder);
  },
};

function node(folder, ...args) {
  return run(process.execPath, args, folder);
}

function copyPage(folder) {
  mkdirSync(join(folder, "out"), { recursive: true });
  copyFileSync(join(folder, "index.html"), join(folder, "out/index.html"));
}
