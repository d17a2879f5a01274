/**
 * The bundle's first line is `import source compiled from "./pointsman.wasm"`, which TypeScript 6 can't read. Deno asks for no permission to
 * read what is imported so.
 */
declare const compiled: WebAssembly.Module;

/** V8, as in browsers. */
export const ENCODER_FROM = Infinity;

/** The module that Deno compiled as it loaded the package. */
export const loadModule = async (): Promise<WebAssembly.Module> => compiled;
