import file from "./pointsman.wasm" with { type: "file" };

/** JavaScriptCore. */
export const ENCODER_FROM = 32;

/** The compiled module. With `type: "file"`, Bun gives the file's path; `bun build` takes the file along, and gives the path from its bundle. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  return new WebAssembly.Module(readFileSync(new URL(file as unknown as string, import.meta.url)));
}
