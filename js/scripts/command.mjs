/** The command `pointsman`, in one file: the libraries it is made with are bundled, their licences with them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

/**
 * @param {string} top - the repository
 * @param {import("esbuild").BuildOptions} common
 */
export async function bundleCommand(top, common) {
  const { version } = JSON.parse(readFileSync(`${top}js/package.json`, "utf8"));
  // commander is CommonJS inside, and asks for Node's own modules by `require`.
  const start = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';
  const outfile = `${top}js/dist/cli.js`;
  const { metafile } = await build({
    ...common,
    alias: { "#glue": "./js/src/wasm/glue.js" },
    banner: { js: start },
    define: { VERSION: JSON.stringify(version) },
    entryPoints: ["js/src/cli/index.ts"],
    // The engines are the package's own, and loaded when a subcommand wants it.
    external: [...(common.external ?? []), "pointsman/full", "pointsman/flags"],
    metafile: true,
    outfile,
    // picocolors has another file for browsers, which colours nothing.
    platform: "node",
    // Libraries are known by their path in node_modules, which may be a link.
    preserveSymlinks: true,
    target: "node20",
  });
  const libraries = Object.keys(metafile.inputs).map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const [shebang, ...code] = readFileSync(outfile, "utf8").split("\n");
  writeFileSync(outfile, [shebang, ...licences(top, new Set(libraries)), ...code].join("\n"));
}

/**
 * @param {string} top
 * @param {Set<string | undefined>} libraries
 */
function licences(top, libraries) {
  return [...libraries].flatMap((library) =>
    library === undefined ? [] : `/* Contains ${library}.\n\n${licence(top, library)}*/`,
  );
}

/**
 * @param {string} top
 * @param {string} library
 */
function licence(top, library) {
  const folder = `${top}node_modules/${library}`;
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  if (file === undefined) throw new Error(`${library} has no licence`);
  return readFileSync(`${folder}/${file}`, "utf8");
}
