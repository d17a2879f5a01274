import { wordOf, writeInput, type Boundary, type Region } from "./boundary.js";
import { UNUSABLE } from "./context.js";
import { KIND_BOOLEAN, KIND_LIST, KIND_MISSING, KIND_NUMBER, KIND_STRING, SLOT_BYTES } from "./layout.js";
import type { Problem } from "./types.js";
import type { Glue } from "#glue";

/** What was made of a text, or what is wrong with it. */
type Verdict = boolean | readonly Problem[];

const NOTHING = new Uint8Array(0);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What routes, guards and explanations ask of an instance, beside what every engine does. */
export interface EdgeBoundary {
  /** How a flag is decided over what is packed, as JSON text. */
  explain(flag: number, now: number): string;
  /** What lies in a slot; `UNUSABLE` for what no operator reads, undefined for nothing. */
  valueAt(slot: number): unknown;
  /** Whether a route matches. `clock` is the true time, `now` what schedules see. */
  route(now: number, clock: number): boolean;
  /** A copy of the result words that `route` wrote. */
  results(count: number): readonly number[];
  /** The text that lies in the region. */
  text(offset: number, length: number): string;
  /** Names this isolate. */
  identify(isolate: string, coordinated: boolean): void;
  /** Counts how a request ended; true where orders have changed. `now` is the true time, `schedules` what schedules see. */
  report(flag: number, variant: number, outcome: number, latencyMs: number, now: number, schedules: number): boolean;
  /** How guarded variants stand, as JSON text. */
  judge(now: number, schedules: number): string;
  /** What was counted and not acknowledged yet, as JSON text. */
  drain(now: number): string;
  /** The orders in force, as JSON text. */
  orders(): string;
  /** Whether all of a delta was of use; problems where it was refused. */
  merge(delta: string, now: number): Verdict;
  /** Whether orders have changed; problems where they were refused. */
  apply(orders: string, now: number, schedules: number): Verdict;
}

/** The edge's side of an engine's boundary. */
export function createEdgeBoundary({ call, region, results }: Boundary): EdgeBoundary {
  return {
    explain: (flag, now) => call((glue) => glue.explain(flag, now)),
    valueAt: (slot) => take(region(), wordOf(slot)),
    // Overrides take memory for a moment.
    route: (now, clock) => call((glue) => glue.route(now, clock)) !== 0,
    results,
    text: (offset, length) => textOf(region(), offset, length),
    identify: (isolate, coordinated) => {
      call((glue) => {
        glue.identify(writeText(glue, isolate), coordinated);
      });
    },
    report: (...seen) => call((glue) => glue.report(...seen)) !== 0,
    judge: (...times) => call((glue) => glue.judge(...times)),
    drain: (now) => call((glue) => glue.drain(now)),
    orders: () => call((glue) => glue.orders()),
    merge: (delta, now) => call((glue) => glue.merge(writeText(glue, delta), now) as Verdict),
    apply: (orders, ...times) => call((glue) => glue.apply(writeText(glue, orders), ...times) as Verdict),
  };
}

function textOf({ bytes }: Region, offset: number, length: number): string {
  return decoder.decode(bytes.subarray(offset, offset + length));
}

function take(region: Region, slot: number): unknown {
  const { words, floats } = region;
  const length = words[slot + 1] as number;
  const at = words[slot + 2] as number;
  switch (words[slot]) {
    case KIND_MISSING:
      return undefined;
    case KIND_STRING:
      return textOf(region, at, length);
    case KIND_NUMBER:
      return floats[(slot >> 1) + 1];
    case KIND_BOOLEAN:
      return length !== 0;
    case KIND_LIST:
      return Array.from({ length }, (_, i) => take(region, (at + i * SLOT_BYTES) >> 2));
    default:
      return UNUSABLE;
  }
}

function writeText(glue: Glue, text: string): number {
  const bytes = encoder.encode(text);
  writeInput(glue, bytes, NOTHING);
  return bytes.length;
}
