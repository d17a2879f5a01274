// What a user takes in with the package: nothing but its own files, each as its sums say, and the licences of what is bundled.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { install, top } from "./install.mjs";

const { folder, files, remove } = install();
after(remove);

const pkg = join(folder, "node_modules/pointsman");
const read = (/** @type {string} */ name) => readFileSync(join(pkg, name), "utf8");

test("nothing is installed beside it, and nothing is run", () => {
  const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  assert.deepEqual(installed, ["pointsman"]);
  const { dependencies, optionalDependencies, bundleDependencies, scripts, ...manifest } = JSON.parse(
    read("package.json"),
  );
  assert.deepEqual([dependencies, optionalDependencies, bundleDependencies, scripts], Array(4).fill(undefined));
  for (const peer of Object.keys(manifest.peerDependencies)) assert.ok(manifest.peerDependenciesMeta[peer].optional);
});

/** The libraries whose files a bundle holds, as the bundler has written above each. @param {string} name */
function librariesIn(name) {
  const paths = read(name).matchAll(/^ *\/\/ (?:\.\.\/)*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);
  return [...new Set(Array.from(paths, ([, library]) => library ?? ""))];
}

test("the command alone holds libraries, each with its whole licence", () => {
  const scripts = files.filter((name) => name.endsWith(".js"));
  assert.deepEqual(
    scripts.filter((name) => librariesIn(name).length > 0),
    ["dist/cli.js"],
  );
  const command = read("dist/cli.js");
  for (const library of librariesIn("dist/cli.js")) {
    const itsOwn = `${top}node_modules/${library}/`;
    const licence = readdirSync(itsOwn).find((name) => /^licen[cs]e/i.test(name)) ?? "";
    assert.ok(command.includes(readFileSync(itsOwn + licence, "utf8").trim()), library);
  }
});

test("each crate whose paths stand in a .wasm before it is stripped is named, with a licence", () => {
  const [, ...notices] = read("dist/THIRD-PARTY.txt").split(/\n-{80}\n\n/);
  const named = notices.map((notice) => notice.slice(0, notice.indexOf(",")).replace(" ", "-"));
  const paths = readFileSync(`${top}target/named/full.wasm`, "latin1").matchAll(
    /\/registry\/src\/[^/]+\/([\w.-]+)\/src\//g,
  );
  const compiled = [...new Set(Array.from(paths, ([, crate]) => crate))];
  assert.ok(compiled.length >= 3, compiled.join());
  assert.deepEqual(
    compiled.filter((crate) => !named.includes(crate ?? "")),
    [],
  );
  for (const notice of notices) assert.ok(notice.length > 500, notice);
});

test("SHA256SUMS has each .wasm and .js once, and each is what it says", () => {
  const [compiler, ...lines] = read("dist/SHA256SUMS").trimEnd().split("\n");
  assert.match(compiler ?? "", /^# rustc \d+\.\d+\.\d+ /);
  const listed = lines.map((line) => line.split("  "));
  assert.deepEqual(
    listed.map(([, name]) => `dist/${name}`).toSorted(),
    files.filter((name) => /\.(wasm|js)$/.test(name)).toSorted(),
  );
  for (const [sum, name] of listed) {
    const bytes = readFileSync(join(pkg, "dist", name ?? ""));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sum, name);
  }
});
