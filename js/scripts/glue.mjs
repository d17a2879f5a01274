/** What the build for pages lacks. */
const EDGE = ["explain", "route", "identify", "report", "judge", "drain", "orders", "merge", "apply"];

/** Exports that take and give numbers only: the instance's own functions, so that a decision crosses no wrapper. */
const RAW = ["region", "results", "reserve", "decide_all", "route", "identify", "report"];

/** The same, exported by the crate without wasm-bindgen. */
const BARE = ["decide"];

/** The same, of the full build alone, which shares its glue with the core. */
export const FULL_ONLY = ["compile"];

/** Exports whose strings and objects need wasm-bindgen's glue. */
const GLUED = ["load", "manifest", "describe", "explain", "judge", "drain", "orders", "merge", "apply"];

const IMPORT = 'import source wasmModule from "./pointsman_bg.wasm";\n';
const EXPORTED = /^export function (\w+)\(.*?^\}\n/gms;

/**
 * Turns wasm-bindgen's glue (`--target module`), which holds one instance in module-level variables,
 * into `createGlue(wasmModule)`, which makes an independent instance with each call.
 * @param {string} glue
 * @returns {string}
 * @throws when the glue is not of the expected shape.
 */
export function toFactory(glue) {
  const names = [...glue.matchAll(EXPORTED)].map((match) => match[1]);
  expect(glue.startsWith(IMPORT), "its first line is not the source-phase import of the module");
  const all = [...RAW, ...GLUED];
  const absent = EDGE.every((name) => !names.includes(name)) ? EDGE : [];
  expect(sameNames([...names, ...absent], all), `it exports ${names.join(", ")}`);
  const body = glue
    .slice(IMPORT.length)
    .replace(/^\/\*\*.*?\*\/\n/gms, "")
    .replace(EXPORTED, (text, name) => (GLUED.includes(name) ? text.slice("export ".length) : ""));
  expect(!/^(?:import|export)\b/m.test(body), "an import or export is left in it");
  expect(body.includes("let wasm = wasmInstance.exports;"), "it does not keep the instance's exports in `wasm`");
  const here = (/** @type {string} */ name) => !absent.includes(name);
  const shared = absent.length === 0 ? FULL_ONLY : [];
  const raw = ["memory", ...BARE, ...shared, ...RAW].filter(here).map((name) => `${name}: wasm.${name}`);
  const members = [...raw, ...GLUED.filter(here)];
  return `export function createGlue(wasmModule) {\n${body}\nreturn { ${members.join(", ")} };\n}\n`;
}

const sameNames = (names, expected) => names.toSorted().join() === expected.toSorted().join();

function expect(holds, what) {
  if (!holds) throw new Error(`wasm-bindgen's glue has changed its shape: ${what}; js/scripts/glue.mjs has to follow`);
}
