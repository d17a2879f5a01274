/** Browsers' encoders are slower than stores of four characters (Chromium 156, 36 characters: 180 ns against 50). */
export const ENCODER_FROM = Infinity;

/** The compiled module, fetched from beside the bundle. Any type will do but `text/html`: many servers answer so, with 200, for what they lack. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./pointsman.wasm", import.meta.url));
  const type = response.headers.get("content-type") ?? "";
  const { ok, status, url } = response;
  if (!ok || type.startsWith("text/html")) throw new Error(`${url} answered ${status}, type "${type}"`);
  const streams = type === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
