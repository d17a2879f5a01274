import compiled from "./pointsman.wasm?module";

/** V8, as in workerd. */
export const ENCODER_FROM = Infinity;

/** The module that the platform compiled at deployment: edge functions may not compile any themselves. */
export async function loadModule(): Promise<WebAssembly.Module> {
  return compiled;
}
