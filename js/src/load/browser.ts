/** Browsers' encoders are slower than stores of four characters (Chromium 156, 36 characters: 180 ns against 50). */
export const ENCODER_FROM = Infinity;

/** The compiled module, fetched from beside the bundle; a server that calls it by another type than `application/wasm` will do. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./pointsman.wasm", import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const streams = response.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
