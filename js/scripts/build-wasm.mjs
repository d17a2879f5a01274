/** Compiles the crate: js/dist/pointsman.wasm, and js/src/wasm/glue.js with its types. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { toFactory } from "./glue.mjs";
import { prune } from "./prune.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));
const tools = `${top}tools/target/debug`;
const TARGET = "wasm32-unknown-unknown";

/** What Rust's target uses, and no more: V8 11.3 (Node 20), workerd, Chromium and Firefox ESR have all of it. */
const FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "call-indirect-overlong",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
];

compile();
bind();
writeGlue();
optimise();
await prove();

function compile() {
  // Names of this machine's folders have no place in the module, and would make it another one on each machine.
  const cargoHome = process.env.CARGO_HOME ?? `${homedir()}/.cargo`;
  const flags = [`--remap-path-prefix=${cargoHome}=cargo`, `--remap-path-prefix=${top}=`];
  const env = { ...process.env, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  run("cargo", ["build", "--release", "--lib", "--target", TARGET, "--target-dir", "target"], env);
}

function bind() {
  const options = ["--target", "module", "--no-typescript", "--remove-producers-section"];
  run(`${tools}/wasm-bindgen`, [...options, "--out-dir", "target/glue", `target/${TARGET}/release/pointsman.wasm`]);
}

function writeGlue() {
  mkdirSync(`${top}js/src/wasm`, { recursive: true });
  writeFileSync(`${top}js/src/wasm/glue.js`, toFactory(readFileSync(`${top}target/glue/pointsman.js`, "utf8")));
  copyFileSync(`${top}js/scripts/glue.d.ts`, `${top}js/src/wasm/glue.d.ts`);
}

function optimise() {
  mkdirSync(`${top}js/dist`, { recursive: true });
  const features = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`)];
  writeFileSync(`${top}target/glue/pruned.wasm`, prune(readFileSync(`${top}target/glue/pointsman_bg.wasm`)));
  const options = ["-O3", "--strip-debug", "--strip-producers", "--strip-target-features", ...features];
  run("node_modules/.bin/wasm-opt", [...options, "target/glue/pruned.wasm", "-o", "js/dist/pointsman.wasm"]);
}

/** A module that this Node refuses, or glue that does not fit it, must not leave the build. */
async function prove() {
  const { createGlue } = await import("../src/wasm/glue.js");
  const glue = createGlue(new WebAssembly.Module(readFileSync(`${top}js/dist/pointsman.wasm`)));
  const missing = Object.entries(glue).filter(([, member]) => member === undefined);
  if (missing.length > 0) throw new Error(`the module lacks ${missing.map(([name]) => name).join(", ")}`);
}

/** @type {(command: string, args: string[], env?: NodeJS.ProcessEnv) => void} */
function run(command, args, env = process.env) {
  execFileSync(command, args, { cwd: top, env, stdio: "inherit" });
}
