import file from "./pointsman.wasm" with { type: "file" };

/** Bun's encoder is no faster than stores of four characters (Bun 1.4, 36 characters, a whole decision: 64 ns against 62). */
export const ENCODER_FROM = Infinity;

/** The compiled module. With `type: "file"`, Bun gives the file's path; `bun build` takes the file along, and gives the path from its bundle. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const { readFileSync } = process.getBuiltinModule("node:fs");
  return new WebAssembly.Module(readFileSync(new URL(file as unknown as string, import.meta.url)));
}
