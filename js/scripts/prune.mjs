import binaryen from "binaryen";

/**
 * What cannot run, or runs only to format a panic's message that nobody could read: `panic = "abort"` ends in a trap.
 * wasm-bindgen's and js-sys's closures stand in the function table, so that no optimiser sees that nothing makes one.
 */
export const UNUSED = /convert::closures|js_sys::futures|core\S*::fmt|::fmt$|panicking|panic_handler/;

/** Exported by wasm-bindgen for unwinding, which `panic = "abort"` does not do: its own glue has no call of them. */
export const UNCALLED = ["__abort_handler", "__instance_terminated"];

/** Where a panic would have happened, and what it would have said: texts of the standard library and of dependencies. */
const PANIC_TEXTS = new RegExp(
  [
    String.raw`(?:/rustc/[0-9a-f]{40}|cargo/registry/src/[^/]+|/rust/deps)/[\w./-]+\.rs`,
    String.raw`src/[\w/]+\.rs`,
    "slice index starts at ",
    "range (?:start|end) index ",
    " out of range for slice of length ",
    String.raw`&?copy_from_slice: source slice length \(`,
    String.raw`\) does not match destination slice length \(`,
    String.raw`insertion index \(is `,
    String.raw`\) should be <= len \(is `,
    "(?:Hash table )?capacity overflow",
    "mid > len",
    "attempt to (?:join into collection with len > usize::MAX|divide by zero)",
    "destination and source slices have different lengths",
    "closure invoked recursively or after being dropped",
    "Tried to shrink to a larger capacity",
    "RefCell already (?:mutably )?borrowed",
    // How the standard library writes numbers: 00 to 99. Whatever would look there is replaced above.
    "00010203[0-9]{192}",
    String.raw`called \`(?:Option|Result)::unwrap\(\)\` on an? \`(?:None|Err)\` value`,
  ].join("|"),
  "g",
);

/** @typedef {import("binaryen").default.Module} Module */

/**
 * Replaces unused functions by a trap, so that the optimiser can drop what only they need, and blanks what only they would write.
 * Weighs 3 kB (brotli) less.
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
  for (const name of UNCALLED) wasm.removeExport(name);
  return withoutPanicTexts(wasm.emitBinary());
}

/** Blanks have no weight once compressed, and nothing moves. @param {Uint8Array} bytes */
function withoutPanicTexts(bytes) {
  const text = Buffer.from(bytes).toString("latin1");
  return Buffer.from(
    text.replace(PANIC_TEXTS, ({ length }) => "\0".repeat(length)),
    "latin1",
  );
}

const { Features } = binaryen;

export const FEATURES =
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
