/** The compiled module, fetched from beside the bundle; a server that calls it by another type than `application/wasm` will do. */
export async function loadModule(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("./pointsman.wasm", import.meta.url));
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  const streams = response.headers.get("content-type") === "application/wasm";
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}
