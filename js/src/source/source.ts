import type { LoadReport, Problem } from "../types.js";

/** Where snapshots come from. */
export interface SnapshotSource {
  /**
   * The snapshot as it is stored now, or null where there is none. Rejects when the store can't be read. Bytes that a store says are
   * unchanged are given again, the very same array: they are then confirmed without being compared.
   *
   * @param signal - aborted once nobody waits for this read any longer.
   */
  read(signal?: AbortSignal): Promise<Stored | Aged | null>;
  /** What was read last was refused as no good one of its owner's: the next read must not go by what is held of it. */
  forget?(): void;
  /** Where the last good snapshot is kept, to begin with when the next isolate starts. */
  readonly copy?: SnapshotCopy;
}

/** A copy of the last good snapshot that outlives the isolate, and is nearer than the source. */
export interface SnapshotCopy {
  /** What was kept last, or null. */
  recall(): Promise<Aged | null>;
  /** Told of each snapshot that is in use and was confirmed just now. */
  keep(confirmed: Aged): Promise<void>;
}

/** A snapshot as text or as UTF-8 bytes. */
export type Stored = string | Uint8Array;

/** A snapshot that did not come from its store just now. */
export interface Aged {
  readonly snapshot: Stored;
  /** Milliseconds since its store last said that it is current. */
  readonly age: number;
  /** The snapshot's detached signatures, where they come with it: `signed` verifies them. */
  readonly signature?: string | null;
}

/** The part of a request's execution context that keeps work alive after the answer is sent. */
export interface Keeper {
  waitUntil(work: Promise<unknown>): void;
}

/** What is told of what no request should see. */
export interface Listeners {
  /** A read that failed or hung, a snapshot that was refused (a `PointsmanError`), an engine that could not be made. */
  readonly onError?: (error: unknown) => void;
  /** Each problem of a snapshot that was accepted all the same, because it breaks single flags only. */
  readonly onProblem?: (problem: Problem) => void;
  /** What changed with each new snapshot that came into use, the first and a bundled one too. A confirmation is none. */
  readonly onLoad?: (report: LoadReport) => void;
}
