/** Compiles the three builds of the crate, each to a pointsman.wasm in js/dist, and writes their glue to js/src/wasm. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { FULL_ONLY, toFactory } from "./glue.mjs";
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

/** Bytes, below all data, so that an overflow is a trap. Rust's own default, said here because a test rests on it: stack.test.mjs. */
const STACK = 1 << 20;

/** @typedef {{ name: string, dist: string, features: string[], glue: string, level?: string, passes?: string[] }} Build */

/** @type {Build} */
const FLAGS = {
  name: "flags",
  dist: "js/dist/flags",
  features: ["--no-default-features"],
  glue: "flags-glue",
  level: "z",
  passes: ["--flatten", "--rereloop", "-O3"],
};
/** @type {Build} */
const CORE = { name: "core", dist: "js/dist", features: [], glue: "glue" };
/** @type {Build} */
const FULL = { name: "full", dist: "js/dist/full", features: ["--features", "full"], glue: "glue" };

writeGlue(FLAGS, build(FLAGS));
const glue = build(CORE);
if (build(FULL) !== glue)
  throw new Error("the core and the full build need different glue: they can't share one engine");
writeGlue(CORE, glue);
await prove(FLAGS, []);
await prove(CORE, FULL_ONLY);
await prove(FULL, []);

/**
 * Gives wasm-bindgen's glue.
 * @param {Build} build
 * @returns {string}
 */
function build({ name, dist, features, level, passes = [] }) {
  compile(features, level === undefined ? {} : { CARGO_PROFILE_RELEASE_OPT_LEVEL: level });
  bind();
  optimise(name, dist, passes);
  return readFileSync(`${top}target/glue/pointsman.js`, "utf8");
}

/** @type {(features: string[], profile: Record<string, string>) => void} */
function compile(features, profile) {
  // Names of this machine's folders have no place in the module, and would make it another one on each machine.
  const cargoHome = process.env.CARGO_HOME ?? `${homedir()}/.cargo`;
  const flags = [
    `--remap-path-prefix=${cargoHome}=cargo`,
    `--remap-path-prefix=${top}=`,
    `-Clink-arg=-zstack-size=${STACK}`,
  ];
  const env = { ...process.env, ...profile, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") };
  run("cargo", ["build", "--release", "--lib", "--target", TARGET, "--target-dir", "target", ...features], env);
}

function bind() {
  const options = ["--target", "module", "--no-typescript", "--remove-producers-section"];
  run(`${tools}/wasm-bindgen`, [...options, "--out-dir", "target/glue", `target/${TARGET}/release/pointsman.wasm`]);
}

/** @type {(name: string, dist: string, passes: string[]) => void} */
function optimise(name, dist, passes) {
  mkdirSync(`${top}${dist}`, { recursive: true });
  const features = ["--mvp-features", ...FEATURES.map((name) => `--enable-${name}`)];
  const named = readFileSync(`${top}target/glue/pointsman_bg.wasm`);
  // With its panics and the names of all functions: panics.mjs reads it.
  mkdirSync(`${top}target/named`, { recursive: true });
  writeFileSync(`${top}target/named/${name}.wasm`, named);
  writeFileSync(`${top}target/glue/pruned.wasm`, prune(named));
  // Nothing larger is built into its only caller: runtimes translate a function when it is first called, and a small snapshot calls few.
  // Loading one in a fresh process took 2.2 ms in place of 3.5; and it weighs 0.8 kB (brotli) less.
  const inlining = "--one-caller-inline-max-function-size=30";
  // What is found by following values through the whole module weighs 0.1 kB (brotli) less; new control flow, for pages,
  // another 0.1, and is as fast.
  const options = [
    "-O3",
    "--gufa",
    "-O3",
    ...passes,
    inlining,
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    ...features,
  ];
  run("node_modules/.bin/wasm-opt", [...options, "target/glue/pruned.wasm", "-o", `${dist}/pointsman.wasm`]);
}

/** @type {(build: Build, glue: string) => void} */
function writeGlue({ glue: name }, glue) {
  mkdirSync(`${top}js/src/wasm`, { recursive: true });
  writeFileSync(`${top}js/src/wasm/${name}.js`, toFactory(glue));
  copyFileSync(`${top}js/scripts/glue.d.ts`, `${top}js/src/wasm/${name}.d.ts`);
}

/**
 * A module that this Node refuses, or glue that does not fit it, must not leave the build.
 * @param {Build} build
 * @param {string[]} lacking what it has not, and need not have
 */
async function prove({ dist, glue }, lacking) {
  const { createGlue } = await import(`../src/wasm/${glue}.js`);
  const made = createGlue(new WebAssembly.Module(readFileSync(`${top}${dist}/pointsman.wasm`)));
  const missing = Object.keys(made).filter((name) => made[name] === undefined);
  if (missing.join() !== lacking.join()) throw new Error(`the module lacks ${missing.join(", ")}`);
}

/** @type {(command: string, args: string[], env?: NodeJS.ProcessEnv) => void} */
function run(command, args, env = process.env) {
  execFileSync(command, args, { cwd: top, env, stdio: "inherit" });
}
