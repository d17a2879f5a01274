/**
 * The exports of one wasm instance. Unsigned results of the raw functions arrive as signed 32-bit numbers:
 * read words with bit operations (`word >>> 16`), addresses as they are (memory stays far below 2 GiB).
 */
export interface Glue {
  readonly memory: WebAssembly.Memory;
  /** Address of the context region. */
  region(): number;
  /** Address of the result words; ask again after each load. */
  results(): number;
  /** Address of a buffer for the snapshot's bytes, or 0 over the hard limit. */
  reserve(bytes: number): number;
  /** Loads the reserved buffer: the snapshot's bytes, then those of the flags to carry. JSON text: the load report. */
  load(snapshot: number, carried: number, max: number, strict: boolean): string;
  /**
   * Compiles the loaded snapshot: gives how many bytes that makes, 0 where it has problems; the first result word is their
   * address. In the full build only.
   */
  readonly compile?: () => number;
  /** JSON text: what the loaded snapshot holds. */
  manifest(): string;
  /** JSON text: one flag. */
  describe(flag: number): string;
  /** JSON text: how one flag is decided over the packed context; empty for a flag that is not there. */
  explain(flag: number, now: number): string;
  /** One flag's decision word. */
  decide(flag: number, now: number): number;
  /** All flags' decision words, written to the results; gives their number. */
  decide_all(now: number): number;
  /** 1 when a route matches; the results hold where it leads. */
  route(now: number, clock: number): number;
  /** Names this isolate, by the text in the reserved buffer, and says whether a coordinator gives the orders. */
  identify(length: number, coordinated: boolean): void;
  /** Counts how a request ended: 0 a success, 1 a failure, 2 a timeout, 3 nothing but the time. 1 where orders have changed. */
  report(flag: number, variant: number, outcome: number, latencyMs: number, now: number, schedules: number): number;
  /** JSON text: how guarded variants stand. */
  judge(now: number, schedules: number): string;
  /** JSON text: what was counted and not acknowledged yet. */
  drain(now: number): string;
  /** JSON text: the orders in force. */
  orders(): string;
  /** Takes in the delta in the reserved buffer: whether all of it was of use, or the problems with it. */
  merge(length: number, now: number): unknown;
  /** Takes the orders in the reserved buffer: whether they have changed, or the problems with them. */
  apply(length: number, now: number, schedules: number): unknown;
}

/** Makes an instance of its own, with memory and glue state of its own. */
export function createGlue(wasmModule: WebAssembly.Module): Glue;
