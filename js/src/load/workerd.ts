import compiled from "./pointsman.wasm";

/** The module that the platform compiled at deployment: workers may not compile any themselves. */
export async function loadModule(): Promise<WebAssembly.Module> {
  return compiled;
}
