/**
 * Where each build can panic: the calls of the standard library's panics that exports can reach, by who makes them, counted before the
 * build replaces panics by traps. Calls through the function table may reach all that stands in it. Allocations that fail are left out:
 * they end any program of this kind.
 *
 *     node js/scripts/panics.mjs [--write]     (--write: into tests/packaging/panics.json, where each has its reason)
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import binaryen from "binaryen";
import { FEATURES, UNCALLED, UNUSED } from "./prune.mjs";

const named = fileURLToPath(new URL("../../target/named/", import.meta.url));
const COMMITTED = new URL("../../tests/packaging/panics.json", import.meta.url);

/** What only panics. A way to panic that is not among these is seen all the same, as a caller of one that is. */
const PANIC =
  /panicking::|rust_begin_unwind$|slice_index_fail$|slice_error_fail$|(?:expect|unwrap)_failed$|len_mismatch_fail$|assert_failed$|panic_access_error$|cell::panic_|panic_on_ord_violation$/;
const ALLOCATION = /raw_vec::handle_error$|capacity_overflow$|handle_alloc_error$|alloc_err$|alloc_error_handler$/;

const NAME = String.raw`(\$"(?:[^"\\]|\\.)*"|\$[^\s()]+)`;
const FUNCTION = new RegExp(String.raw`^ \(func ${NAME}`);
const EXPORT = new RegExp(String.raw`^ \(export "(\w+)" \(func ${NAME}`);
const CALL = new RegExp(String.raw`\((?:return_call|call|ref\.func) ${NAME}`, "g");

/** @typedef {{ [caller: string]: { [panic: string]: number } }} Panics */
/** @typedef {Map<string, string[]>} Calls */

/** Of each build. @returns {{ [build: string]: Panics }} */
export const panics = () => Object.fromEntries(["flags", "core", "full"].map((build) => [build, panicsIn(build)]));

/** What was committed. @returns {{ rustc: string, reasons: { [start: string]: string }, builds: ReturnType<typeof panics> }} */
export const committedPanics = () => JSON.parse(readFileSync(COMMITTED, "utf8"));

/** @type {(build: string) => Panics} */
function panicsIn(build) {
  const wasm = binaryen.readBinary(readFileSync(`${named}${build}.wasm`));
  wasm.setFeatures(FEATURES);
  const lines = wasm.emitText().split("\n");
  const calls = callsOf(lines);
  /** @type {Panics} */
  const found = {};
  for (const caller of [...reached(calls, rootsOf(lines))].toSorted()) {
    for (const callee of calls.get(caller) ?? []) if (PANIC.test(shortOf(callee))) count(found, caller, callee);
  }
  return found;
}

/** @type {(found: Panics, caller: string, callee: string) => void} */
function count(found, caller, callee) {
  const of = (found[shortOf(caller)] ??= {});
  of[shortOf(callee)] = (of[shortOf(callee)] ?? 0) + 1;
}

/** Exports, and what stands in the function table. @type {(lines: string[]) => string[]} */
function rootsOf(lines) {
  const exported = lines.map((line) => EXPORT.exec(line)).filter((match) => match && !UNCALLED.includes(match[1]));
  const listed = lines
    .filter((line) => line.startsWith(" (elem "))
    .flatMap((line) => line.match(new RegExp(NAME, "g")));
  return [...exported.map((match) => match?.[2] ?? ""), ...listed.map(String)];
}

/** @type {(lines: string[]) => Calls} */
function callsOf(lines) {
  /** @type {Calls} */
  const calls = new Map();
  /** @type {string[]} */
  let own = [];
  for (const line of lines) {
    const name = FUNCTION.exec(line)?.[1];
    if (name !== undefined) calls.set(name, (own = []));
    else own.push(...[...line.matchAll(CALL)].map((match) => match[1]));
  }
  return calls;
}

/** All that can run: neither panics themselves nor what the build drops. @type {(calls: Calls, roots: string[]) => Set<string>} */
function reached(calls, roots) {
  const seen = new Set();
  const next = [...roots];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const short = shortOf(name);
    if (seen.has(name) || UNUSED.test(short) || PANIC.test(short) || ALLOCATION.test(short)) continue;
    seen.add(name);
    next.push(...(calls.get(name) ?? []));
  }
  return seen;
}

/** Without quotes, and without the hashes that differ from one compiler to the next. @type {(name: string) => string} */
function shortOf(name) {
  return name
    .replace(/^\$"?|"$/g, "")
    .replace(/\[[0-9a-f]{16}\]/g, "")
    .replace(/::h[0-9a-f]{16}$/, "");
}

function write() {
  const rustc = execFileSync("rustc", ["--version"], { encoding: "utf8" }).trim();
  const { reasons } = committedPanics();
  writeFileSync(COMMITTED, `${JSON.stringify({ rustc, reasons, builds: panics() }, null, 2)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) write();
  else console.log(JSON.stringify(panics(), null, 2));
}
