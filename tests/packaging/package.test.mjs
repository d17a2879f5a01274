import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { DECIDED, install, snapshot, top } from "./install.mjs";

const { folder, files, write, remove } = install();
after(remove);

const DECIDE = `
  const engine = await createEngine({ snapshot: ${JSON.stringify(snapshot)} });
  const answers = ["alice", "bob"].map((userId) => engine.isEnabled("new-checkout", { userId }));
  const text = JSON.stringify({ revision: engine.revision, answers });`;

const workerOf = (name) => `
  import { createEngine } from "${name}";
  export default { async fetch() { ${DECIDE} return new Response(text); } };`;

/** Bundles as for one platform: its code, and which of the package's files it came from. */
async function bundle(source, conditions) {
  const result = await build({
    stdin: { contents: source, resolveDir: folder },
    absWorkingDir: folder,
    bundle: true,
    conditions,
    external: ["*.wasm"],
    format: "esm",
    metafile: true,
    write: false,
  });
  const inputs = Object.keys(result.metafile.inputs).filter((name) => name !== "<stdin>");
  return { code: result.outputFiles.map(({ text }) => text).join("\n"), inputs };
}

const ADAPTERS = ["vercel", "netlify", "deno", "bun", "node", "service-worker"].map((name) => `adapter/${name}`);

test("the tarball holds what is needed, and nothing else", () => {
  const loaders = ["node", "workerd", "edge-light", "deno", "bun", "browser", "inline"];
  const engines = loaders.flatMap((name) => [name, `flags/${name}`, `full/${name}`]);
  const openFeature = ["openfeature-server", "openfeature-web", "ofrep"];
  const starts = ["exposure", "bootstrap", "source", "source/file"];
  const entries = [
    ...engines,
    "explain",
    "overrides",
    "signature",
    "router",
    "cloudflare",
    ...starts,
    ...openFeature,
    ...ADAPTERS,
  ];
  const needed = entries.flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`]);
  const documents = ["schema/snapshot.schema.json", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json"];
  // What several adapters share is in files that are named by what they hold.
  const others = files.filter((name) => !/^dist\/(types\/|adapter\/shared-)/.test(name));
  const wasm = ["", "flags/", "full/"].map((build) => `dist/${build}pointsman.wasm`);
  const modules = [...wasm, "dist/shared.js", "dist/cli.js", "dist/SHA256SUMS", "dist/THIRD-PARTY.txt"];
  assert.deepEqual(others.toSorted(), [...documents, ...needed, ...modules].toSorted());
  const undeclared = files.filter((name) => name.startsWith("dist/types/") && !name.endsWith(".d.ts"));
  assert.deepEqual(undeclared, []);
});

test("publint finds nothing to say", async () => {
  const pkgDir = join(folder, "node_modules/pointsman");
  const { messages, pkg } = await publint({ pkgDir, strict: true, pack: false });
  const texts = messages.map((message) => formatMessage(message, pkg, { color: false }));
  assert.deepEqual(texts, []);
});

for (const name of ["pointsman", "pointsman/flags"]) {
  test(`${name} decides in Node`, () => {
    const main = write("main.mjs", `import { createEngine } from "${name}";${DECIDE} console.log(text);`);
    assert.deepEqual(JSON.parse(execFileSync(process.execPath, [main], { encoding: "utf8" })), DECIDED);
  });
}

test("the full build decides in Node, and says why", () => {
  const rules = [{ if: { attribute: "plan", op: "matches", values: ["^pr[oö]$"] }, serve: "on" }];
  const full = { flags: { pros: { enabled: true, rules, rolloutPercentage: 0 } } };
  const main = write(
    "full.mjs",
    `import { explanationText } from "pointsman/explain";
    import { createEngine } from "pointsman/full";
    const engine = await createEngine({ snapshot: ${JSON.stringify(full)}, strict: true, clock: () => 1 });
    console.log(explanationText(engine.explain("pros", { plan: "prö" })));`,
  );
  const text = `pros: on (TARGETING_MATCH, rule)
  enabled: yes
  rule 1: yes
    plan matches ["^pr[oö]$"]: yes, plan is "prö"
  snapshot confirmed 0 s ago\n`;
  assert.equal(execFileSync(process.execPath, [main], { encoding: "utf8" }), text);
});

test("its command compiles a snapshot, and the package decides from that", () => {
  const json = write("snapshot.json", JSON.stringify(snapshot));
  const options = { cwd: folder, encoding: /** @type {const} */ ("utf8") };
  execFileSync("npx", ["--no", "pointsman", "compile", json, "-o", "snapshot.pointsman"], options);
  // With the package's own engine.
  assert.equal(
    execFileSync("npx", ["--no", "pointsman", "check", "snapshot.pointsman"], options),
    "snapshot.pointsman: ok\n",
  );
  const own = DECIDE.replace(JSON.stringify(snapshot), 'readFileSync("snapshot.pointsman")');
  assert.notEqual(own, DECIDE);
  const imports = 'import { readFileSync } from "node:fs"; import { createEngine } from "pointsman";';
  const main = write("compiled.mjs", `${imports}${own} console.log(text);`);
  assert.deepEqual(JSON.parse(execFileSync(process.execPath, [main], options)), DECIDED);
});

test("the README's first example works when pasted, and says what it gives", () => {
  const [, example] = /```js\n([^]*?)```/.exec(readFileSync(`${top}README.md`, "utf8")) ?? [];
  const promised = [...(example ?? "").matchAll(/^console\.log\(.*\); \/\/ (true|false|"\w+")/gm)];
  const main = write("readme.mjs", example ?? "");
  const printed = execFileSync(process.execPath, [main], { encoding: "utf8" });
  assert.equal(promised.length, 5);
  assert.deepEqual(
    printed.trim().split("\n"),
    promised.map(([, value]) => value?.replaceAll('"', "")),
  );
});

for (const [name, dist] of Object.entries({ pointsman: "dist/", "pointsman/flags": "dist/flags/" })) {
  test(`${name} bundled for workerd decides there`, async () => {
    const { code, inputs } = await bundle(workerOf(name), ["workerd", "worker", "browser"]);
    assert.deepEqual(inputs, [`node_modules/pointsman/${dist}workerd.js`]);
    const wasm = readFileSync(join(folder, `node_modules/pointsman/${dist}pointsman.wasm`));
    const modules = [
      { type: "ESModule", path: "worker.mjs", contents: code },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: wasm },
    ];
    const runtime = new Miniflare({ modules, compatibilityDate: "2026-07-01", cf: false });
    try {
      const response = await runtime.dispatchFetch("http://localhost/");
      assert.deepEqual(await response.json(), DECIDED);
    } finally {
      await runtime.dispose();
    }
  });

  test(`${name} bundled for browsers asks for its .wasm beside the bundle, and for nothing else`, async () => {
    const page = `import { createEngine } from "${name}"; ${DECIDE} document.body.textContent = text;`;
    const { code, inputs } = await bundle(page, ["browser"]);
    assert.deepEqual(inputs, [`node_modules/pointsman/${dist}browser.js`]);
    assert.match(code, /new URL\("\.\/pointsman\.wasm", import\.meta\.url\)/);
    assert.doesNotMatch(code, /^import /m);
  });
}

test("an unbundled page needs no import map: no file for it names a package", () => {
  for (const name of [
    "browser",
    "flags/browser",
    "full/browser",
    "inline",
    "explain",
    "overrides",
    "signature",
    "exposure",
    "bootstrap",
    "router",
    "cloudflare",
    "ofrep",
    "shared",
    "adapter/service-worker",
  ]) {
    const code = readFileSync(join(folder, `node_modules/pointsman/dist/${name}.js`), "utf8");
    const bare = [...code.matchAll(/^(?:import|export)\b[^;]*?\bfrom "(?!\.\/)([^"]+)"/gm)].map((match) => match[1]);
    assert.deepEqual(bare, [], name);
  }
});
