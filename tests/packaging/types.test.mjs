import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { install, top } from "./install.mjs";
import { run, tool } from "./tools.mjs";

const { folder, tarball, write, remove } = install();
after(remove);

/** What TypeScript calls `module` beside each. */
const MODULES = { bundler: "esnext", node16: "node16", nodenext: "nodenext" };

for (const [moduleResolution, module] of Object.entries(MODULES)) {
  test(`its types hold with moduleResolution ${moduleResolution}`, () => {
    write("consumer.ts", readFileSync(new URL("consumer.ts", import.meta.url), "utf8"));
    const options = { module, moduleResolution, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], types: [] };
    const compilerOptions = { ...options, strict: true, exactOptionalPropertyTypes: true, noEmit: true };
    const config = write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    execFileSync(process.execPath, [`${top}node_modules/typescript/bin/tsc`, "-p", config], { stdio: "inherit" });
  });
}

test("arethetypeswrong finds nothing wrong, by its profile for packages of ES modules alone", async () => {
  // What an import of a .wasm gives is the bundler's to say.
  const untyped = ["pointsman.wasm", "flags/pointsman.wasm", "full/pointsman.wasm"];
  const options = ["--profile", "esm-only", "--exclude-entrypoints", ...untyped];
  await run(process.execPath, [tool("@arethetypeswrong/cli/dist/index.js"), tarball, ...options], folder);
});
