import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** An inner module of the package, which no entry point exports. @param {string} path - from js/src. */
export async function importInner(path) {
  const entry = fileURLToPath(new URL(`../../../js/src/${path}`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
