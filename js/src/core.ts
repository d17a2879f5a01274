import { ENCODER_FROM, loadModule } from "#load";
import { createBoundary, type Boundary } from "./boundary.js";
import { createDecider, type Decider } from "./decider.js";
import { deepFreeze } from "./decision.js";
import { PointsmanError, reasonOf, wholeProblem } from "./errors.js";
import { createFreshness, type Freshness } from "./freshness.js";
import { createInstance, type Instance } from "./instance.js";
import { snapshotBytes } from "./snapshot.js";
import { createTable, EMPTY, type Manifest, type Table } from "./table.js";
import type { EngineOptions, LoadReport, Problem, SnapshotInput } from "./types.js";

const DEFAULT_BYTES = 8 << 20;
const MOST_BYTES = 64 << 20;

/** The package's own module, compiled once for all engines. */
let compiled: Promise<WebAssembly.Module> | undefined;

/** What every engine is made of: flags decided from the snapshot in use, and the next one loaded. */
export interface Core {
  readonly boundary: Boundary;
  readonly decider: Decider;
  readonly freshness: Freshness;
  readonly instance: Instance;
  /** Milliseconds since 1970, or NaN where the clock fails. */
  readonly clock: () => number;
  readonly load: (input: SnapshotInput) => LoadReport;
  /** The last load that was accepted. */
  readonly report: () => LoadReport;
  /** The table in use. */
  readonly table: () => Table;
}

/** What builds on it has to know. */
export interface Watcher {
  /** A new instance has its first snapshot, before anything is decided by it. */
  started(): void;
  /** Another table is in use. */
  adopted(table: Table, manifest: Manifest, revision: number | null): void;
}

/**
 * The module given, or the package's own.
 * @throws PointsmanError where that can't be had.
 */
export async function moduleOf({ wasm }: EngineOptions): Promise<WebAssembly.Module> {
  return wasm ?? (await ownModule());
}

async function ownModule(): Promise<WebAssembly.Module> {
  try {
    return await (compiled ??= loadModule());
  } catch (error) {
    compiled = undefined;
    throw new PointsmanError("the engine can't start", [wholeProblem("WASM_UNAVAILABLE", advised(reasonOf(error)))], {
      cause: error,
    });
  }
}

/** Chromium asks for `unsafe-eval`, which allows far more than is needed. */
function advised(reason: string): string {
  return /security policy|CSP/i.test(reason) ? `script-src needs \`'wasm-unsafe-eval'\`: ${reason}` : reason;
}

/** An engine's core without a snapshot yet: call `load`. */
export function createCore(wasm: WebAssembly.Module, options: EngineOptions, watcher: Watcher): Core {
  const maxBytes = Math.min(options.maxSnapshotBytes ?? DEFAULT_BYTES, MOST_BYTES);
  const clock = timeOf(options.clock ?? (() => Date.now()));
  const boundary = createBoundary(ENCODER_FROM);
  const limits = { maxBytes, strict: options.strict ?? false };
  const instance = createInstance(wasm, boundary, clock, limits, () => {
    watcher.started();
  });
  const freshness = createFreshness(clock);
  const decider = createDecider(boundary, freshness.now, instance.trapped);
  let table = EMPTY;
  let report: LoadReport = NOTHING_LOADED;

  const adopt = (manifest: Manifest, { problems, revision }: LoadReport) => {
    const describe = (flag: number) => (table === next ? instance.describe(flag) : null);
    const next: Table = createTable(manifest, problems, describe);
    table = next;
    freshness.adopt(manifest.maxAge);
    decider.adopt(next);
    watcher.adopted(next, manifest, revision);
  };

  const swap = (input: SnapshotInput): LoadReport => {
    const bytes = snapshotBytes(input, maxBytes);
    table.settle();
    const { answer, manifest } = instance.load(bytes);
    const next = deepFreeze(answer.report);
    if (!answer.accepted) throw new PointsmanError("the snapshot was refused", next.problems);
    report = next;
    if (manifest === null) freshness.confirm();
    else adopt(manifest, next);
    return next;
  };

  const load = (input: SnapshotInput): LoadReport => {
    try {
      const loaded = swap(input);
      if (!loaded.unchanged) tell(loaded.problems, options.onProblem);
      return loaded;
    } catch (error) {
      if (error instanceof PointsmanError) tell(error.problems, options.onProblem);
      throw error;
    }
  };

  return {
    boundary,
    decider,
    freshness,
    instance,
    clock,
    load,
    report: () => report,
    table: () => table,
  };
}

const NOTHING_LOADED: LoadReport = {
  unchanged: false,
  revision: null,
  added: [],
  removed: [],
  changed: [],
  carried: [],
  broken: [],
  problems: [],
};

type Listener = EngineOptions["onProblem"];

/** A listener that throws is no reason to fail a load. */
function tell(problems: readonly Problem[], onProblem: Listener): void {
  for (const problem of problems) {
    try {
      onProblem?.(problem);
    } catch {
      // The engine has nowhere to report it.
    }
  }
}

/** A clock that fails gives NaN: whatever depends on the time is then a `GENERAL` error. */
function timeOf(clock: () => number): () => number {
  return () => {
    try {
      const now: unknown = clock();
      return Number.isFinite(now) ? (now as number) : NaN;
    } catch {
      return NaN;
    }
  };
}
