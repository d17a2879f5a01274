import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * Writes `sw.js`, which keeps what the named pages load, so that they open without a network once they have been visited.
 * @param {string[]} pages - file names of the build.
 * @returns {import("vite").Plugin}
 */
export function serviceWorker(pages) {
  return {
    name: "pointsman-service-worker",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const names = [...pages, ...Object.keys(bundle).filter((name) => !name.endsWith(".html"))].toSorted();
      const template = readFileSync(new URL("src/sw.js", import.meta.url), "utf8");
      const version = createHash("sha256");
      for (const name of names) version.update(name).update(contentOf(bundle[name]));
      const source = template
        .replace('"%VERSION%"', JSON.stringify(version.digest("hex").slice(0, 16)))
        .replace('"%FILES%"', names.map((name) => JSON.stringify(name)).join(", "));
      this.emitFile({ type: "asset", fileName: "sw.js", source });
    },
  };
}

/** @param {import("vite").Rolldown.OutputAsset | import("vite").Rolldown.OutputChunk | undefined} file */
function contentOf(file) {
  return file === undefined ? "" : file.type === "chunk" ? file.code : file.source;
}
