import { readFile } from "node:fs/promises";

/** The compiled module, from the file beside the bundle. */
export async function loadModule(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(new URL("./pointsman.wasm", import.meta.url)));
}
