import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { DECIDED, deciding, install } from "./install.mjs";
import { bun, deno, library, node24, run } from "./tools.mjs";
import { workerUrl } from "./wrangler.mjs";

const NAMES = ["pointsman", "pointsman/flags", "pointsman/full", "pointsman/inline"];

/** A program that prints what it decides. */
const printing = (/** @type {string} */ name) => `${deciding(name)}decide().then(console.log);`;

/** A fresh folder with the package. */
function fresh() {
  const made = install();
  after(made.remove);
  return made;
}

/** What a file with this text prints there. */
async function printed({ folder, write }, [program = "", ...args], text) {
  write("main.mjs", text);
  return JSON.parse(await run(program, [...args, "main.mjs"], folder));
}

const COMMANDS = {
  "Node as it is installed": [process.execPath],
  "Node 24": [node24],
  "Deno, with no permission to read files,": [deno, "run", "--no-prompt"],
  Bun: [bun],
};

for (const [runtime, command] of Object.entries(COMMANDS)) {
  test(`${runtime} decides`, async () => {
    const made = fresh();
    for (const name of NAMES) assert.deepEqual(await printed(made, command, printing(name)), DECIDED, name);
  });
}

test("bun build takes the .wasm along, and what it makes decides from anywhere", async () => {
  const { folder, write } = fresh();
  write("main.mjs", printing("pointsman"));
  await run(bun, ["build", "main.mjs", "--target", "bun", "--outdir", "out"], folder);
  assert.deepEqual(JSON.parse(await run(bun, [join(folder, "out/main.js")], "/")), DECIDED);
});

/** Bundled as for one platform, with its options over these. */
async function bundled(/** @type {ReturnType<typeof install>} */ { folder, write }, text, options) {
  const entryPoints = [write("entry.mjs", text)];
  const common = { absWorkingDir: folder, entryPoints, bundle: true, outfile: join(folder, "main.mjs") };
  await build({ ...common, format: "esm", ...options });
}

// What @netlify/edge-bundler 16.1.1 gives to esbuild (dist/node/npm_dependencies.js); Deno runs what comes out.
const NETLIFY = { platform: "node", target: "es2020", mainFields: ["module", "browser", "main"] };

const FOR_NETLIFY = {
  "pointsman/inline": NETLIFY,
  pointsman: { ...NETLIFY, conditions: ["netlify", "deno", "worker"] },
};

for (const [name, options] of Object.entries(FOR_NETLIFY)) {
  test(`${name} bundled as Netlify does${"conditions" in options ? ", with its condition," : ""} decides in Deno`, async () => {
    const made = fresh();
    await bundled(made, printing(name), options);
    assert.deepEqual(JSON.parse(await run(deno, ["run", "--no-prompt", "main.mjs"], made.folder)), DECIDED);
  });
}

/** As the platform does: a module that is imported with `?module` is compiled at deployment, and bound to a name. @type {import("esbuild").Plugin} */
const MODULES = {
  name: "modules",
  setup(bundler) {
    bundler.onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: "module" }));
    bundler.onLoad({ filter: /.*/, namespace: "module" }, () => ({ contents: "export default COMPILED;" }));
  },
};

for (const [name, dist] of Object.entries({ pointsman: "dist", "pointsman/flags/inline": "dist/flags" })) {
  test(`${name} bundled for Vercel Edge decides in its runtime`, async () => {
    const made = fresh();
    const text = `${deciding(name)}
      addEventListener("fetch", (event) => event.respondWith(decide().then((text) => new Response(text))));`;
    // Next.js has these conditions for the edge.
    const conditions = ["edge-light", "worker", "browser"];
    await bundled(made, text, { conditions, plugins: [MODULES], format: "iife" });
    const { EdgeRuntime } = await library("edge-runtime");
    const wasm = readFileSync(join(made.folder, "node_modules/pointsman", dist, "pointsman.wasm"));
    const extend = (context) => Object.assign(context, { COMPILED: new WebAssembly.Module(wasm) });
    const runtime = new EdgeRuntime({ initialCode: readFileSync(join(made.folder, "main.mjs"), "utf8"), extend });
    const response = await runtime.dispatchFetch("https://shop.example/");
    assert.deepEqual(await response.json(), DECIDED);
  });
}

test("wrangler serves workers with each import, also with that which compiles from bytes elsewhere", async () => {
  const made = fresh();
  const names = Object.fromEntries(NAMES.map((name) => [`/${name}`, name]));
  const modules = NAMES.map((name, i) => {
    made.write(`decide${i}.mjs`, `${deciding(name)}export { decide };`);
    return `import { decide as decide${i} } from "./decide${i}.mjs";`;
  });
  const table = Object.keys(names).map((path, i) => `${JSON.stringify(path)}: decide${i}`);
  made.write(
    "worker.mjs",
    `${modules.join("\n")}
    const paths = { ${table.join(", ")} };
    export default { fetch: async (request) => new Response(await paths[new URL(request.url).pathname]()) };`,
  );
  const { url, close } = await workerUrl(made);
  try {
    for (const path of Object.keys(names)) assert.deepEqual(await (await fetch(url + path)).json(), DECIDED, path);
  } finally {
    await close();
  }
});
