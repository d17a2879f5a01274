import type { FlagEngine } from "../flags.js";
import type { LoadReport } from "../types.js";

/** Told of what becomes of an engine's snapshots. */
export interface LoadListener {
  /** A snapshot was accepted. */
  loaded(report: LoadReport): void;
  /** A snapshot was refused; the last good one stays. */
  refused(error: unknown): void;
  /** The snapshot in use is still current. */
  confirmed(): void;
}

/** An engine is wrapped once, however many listen. */
const watched = new WeakMap<FlagEngine, Set<LoadListener>>();

/**
 * Listens to an engine's loads, whoever makes them: a live engine calls the engine's own `load`, so that is what is wrapped.
 * Gives what ends it.
 */
export function watchLoads(engine: FlagEngine, listener: LoadListener): () => void {
  const listeners = watched.get(engine) ?? wrap(engine);
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function wrap(engine: FlagEngine): Set<LoadListener> {
  const listeners = new Set<LoadListener>();
  const { load, confirm } = engine;
  const wrapped: Pick<FlagEngine, "load" | "confirm"> = {
    load(snapshot) {
      const report = attempt(() => load(snapshot), listeners);
      for (const listener of listeners) listener.loaded(report);
      return report;
    },
    confirm() {
      confirm();
      for (const listener of listeners) listener.confirmed();
    },
  };
  Object.assign(engine, wrapped);
  watched.set(engine, listeners);
  return listeners;
}

function attempt(load: () => LoadReport, listeners: ReadonlySet<LoadListener>): LoadReport {
  try {
    return load();
  } catch (error) {
    for (const listener of listeners) listener.refused(error);
    throw error;
  }
}

/** The flags that a load names. Undefined where it names none: a segment or a layer has changed, and any flag may be decided by it. */
export function flagsChanged({ added, removed, changed, broken }: LoadReport): string[] | undefined {
  const keys = [...new Set([...added, ...removed, ...changed, ...broken])];
  return keys.length === 0 ? undefined : keys;
}
