import type { Problem } from "../types.js";

/** Where snapshots come from. */
export interface SnapshotSource {
  /** The snapshot as it is stored now, or null where there is none. Rejects when the store can't be read. */
  read(): Promise<string | Uint8Array | null>;
}

/** The part of a request's execution context that keeps work alive after the answer is sent. */
export interface Keeper {
  waitUntil(work: Promise<unknown>): void;
}

/** What is told of trouble that no request should see. */
export interface Listeners {
  /** A read that failed or hung, a snapshot that was refused (a `PointsmanError`), an engine that could not be made. */
  readonly onError?: (error: unknown) => void;
  /** Each problem of a snapshot that was accepted all the same, because it breaks single flags only. */
  readonly onProblem?: (problem: Problem) => void;
}
