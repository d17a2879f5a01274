import binaryen from "binaryen";

/**
 * What cannot run, or runs only to format a panic's message that nobody could read: `panic = "abort"` ends in a trap.
 * wasm-bindgen's and js-sys's closures stand in the function table, so that no optimiser sees that nothing makes one.
 */
const UNUSED = /convert::closures|js_sys::futures|core\S*::fmt|::fmt$|panicking|panic_handler/;

/** @typedef {import("binaryen").default.Module} Module */

/**
 * Replaces unused functions by a trap, so that the optimiser can drop what only they need. Weighs 2 kB (brotli) less.
 * @param {Uint8Array} bytes a module with its function names
 * @returns {Uint8Array}
 */
export function prune(bytes) {
  const wasm = binaryen.readBinary(bytes);
  wasm.setFeatures(FEATURES);
  const unused = defined(wasm).filter((pointer) => UNUSED.test(binaryen.getFunctionInfo(pointer).name));
  if (unused.length === 0) throw new Error("no function has a name that prune.mjs knows: were the names kept?");
  // Missing in binaryen's own types.
  const { Function: functionAt } = /** @type {any} */ (binaryen);
  for (const pointer of unused) functionAt(pointer).body = wasm.unreachable();
  return wasm.emitBinary();
}

const { Features } = binaryen;

const FEATURES =
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.BulkMemory |
  Features.SignExt |
  Features.ReferenceTypes |
  Features.Multivalue |
  Features.BulkMemoryOpt |
  Features.CallIndirectOverlong;

/** @type {(wasm: Module) => number[]} */
function defined(wasm) {
  const all = Array.from({ length: wasm.getNumFunctions() }, (_, index) => wasm.getFunctionByIndex(index));
  return all.filter((pointer) => binaryen.getFunctionInfo(pointer).base === "");
}
