/** How much memory is in use: the JavaScript heap after a collection, and the engine's wasm memory. */
import assert from "node:assert/strict";
import { GCProfiler } from "node:v8";
import { memories } from "../../tests/runtimes/memories.mjs";

/** Bytes of a page of wasm memory, by the specification of WebAssembly. */
const PAGE = 65_536;

/** Of the instance made last: the one in use. */
export const wasmBytes = () => /** @type {WebAssembly.Memory} */ (memories.at(-1)).buffer.byteLength;
export const wasmPages = () => wasmBytes() / PAGE;

/** Bytes of the JavaScript heap that are in use after a collection. */
export function settledHeap() {
  assert.ok(globalThis.gc, "run it as `make bench-memory` does: node --expose-gc --min-semi-space-size=...");
  // What the first collection frees by finalizers, the second takes away.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/**
 * All bytes that the work allocates on the JavaScript heap. No collection may run meanwhile, so that nothing is taken away
 * unseen: the young generation must be larger than what is allocated.
 * @param {() => void} work
 */
export function bytesAllocated(work) {
  const profiler = new GCProfiler();
  profiler.start();
  const before = process.memoryUsage().heapUsed;
  work();
  const allocated = process.memoryUsage().heapUsed - before;
  const { statistics } = /** @type {{ statistics: unknown[] }} */ (/** @type {unknown} */ (profiler.stop()));
  assert.equal(statistics.length, 0, "the collector ran: give it a larger young generation");
  return allocated;
}
