/**
 * The published module with a fuse: a number that each call of one of its functions counts down, and that traps at zero. So any point of
 * any call can be made to trap, by what a real trap is, and the code around it is what users get. Nothing of this is ever published.
 */
import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { FEATURES } from "../../js/scripts/prune.mjs";

const { i32, none } = binaryen;

/** How an instance ends: what stands in the exported global `trap` when the fuse burns down. */
export const UNREACHABLE = 0;
export const OUT_OF_BOUNDS = 1;
export const STACK_OVERFLOW = 2;

const PAGE = 64 << 10;

/**
 * @param {URL} file - a module of the package.
 * @param {{ maxBytes?: number }} [limits] - how far its memory may grow; as far as the platform lets it.
 */
export function rigged(file, { maxBytes } = {}) {
  const wasm = binaryen.readBinary(readFileSync(file));
  wasm.setFeatures(FEATURES);
  for (const pointer of defined(wasm)) burn(wasm, pointer);
  addFuse(wasm);
  if (!wasm.validate()) throw new Error("the rigged module is not valid");
  return (maxBytes === undefined ? wasm : limited(wasm, maxBytes)).emitBinary();
}

/** @typedef {import("binaryen").default.Module} Module */

/** Those with a body. @type {(wasm: Module) => number[]} */
function defined(wasm) {
  const all = Array.from({ length: wasm.getNumFunctions() }, (_, index) => wasm.getFunctionByIndex(index));
  return all.filter((pointer) => binaryen.getFunctionInfo(pointer).base === "");
}

/** @type {(wasm: Module, pointer: number) => void} */
function burn(wasm, pointer) {
  // Missing in binaryen's own types.
  const { Function: functionAt } = /** @type {any} */ (binaryen);
  const left = () => wasm.global.get("fuse", i32);
  const shorter = wasm.global.set("fuse", wasm.i32.sub(left(), wasm.i32.const(1)));
  const blown = wasm.if(wasm.i32.eqz(left()), wasm.call("blow", [], none));
  const { results } = binaryen.getFunctionInfo(pointer);
  const of = functionAt(pointer);
  of.body = wasm.block(null, [shorter, blown, of.body], results);
}

/** @type {(wasm: Module) => void} */
function addFuse(wasm) {
  wasm.addGlobal("fuse", i32, true, wasm.i32.const(0));
  wasm.addGlobal("trap", i32, true, wasm.i32.const(0));
  wasm.addGlobalExport("fuse", "fuse");
  wasm.addGlobalExport("trap", "trap");
  const is = (/** @type {number} */ kind) => wasm.i32.eq(wasm.global.get("trap", i32), wasm.i32.const(kind));
  const outside = wasm.drop(wasm.i32.load(0, 4, wasm.i32.const(-4), "0"));
  const deeper = wasm.call("blow", [], none);
  // After its own call there is something to do, so that no optimiser makes a loop of it.
  const body = [wasm.if(is(OUT_OF_BOUNDS), outside), wasm.if(is(STACK_OVERFLOW), deeper), wasm.unreachable()];
  wasm.addFunction("blow", none, none, [], wasm.block(null, body));
}

/** Through the text format: binaryen's own way to set a memory loses what is in it. @type {(wasm: Module, maxBytes: number) => Module} */
function limited(wasm, maxBytes) {
  const text = wasm.emitText().replace(/\(memory (\$\S+) (\d+)/, `(memory $1 $2 ${Math.floor(maxBytes / PAGE)}`);
  const other = binaryen.parseText(text);
  other.setFeatures(FEATURES);
  return other;
}
