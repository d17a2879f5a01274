/** What is told to guards and by them. */

/** How a request ended. */
export interface Outcome {
  /** The response's status; from 500 on a failure. */
  readonly status?: number;
  /** To the first byte of the response, or to the failure, in milliseconds. */
  readonly durationMs: number;
  /** In place of a status: there was no response. `aborted`: the client went away, which nobody counts. */
  readonly failure?: "network" | "timeout" | "aborted";
}

/** Which of a guard's limits something is about. */
export type GuardCondition = "errorRate.max" | "errorRate.overControl" | "latency.max" | "latency.overControl";

/** What a guard's verdict rests on; `standingText` of `pointsman/explain` says it in words. */
export interface Grounds {
  readonly condition: GuardCondition;
  /** When the stretch of time began that shows it best, in milliseconds since 1970. */
  readonly since: number;
  /** The variant's requests in that stretch that failed, or were too slow. */
  readonly failed: number;
  /** All of the variant's. */
  readonly requests: number;
  readonly controlFailed: number;
  readonly controlRequests: number;
  /** A share; for `latency.overControl` a ratio. */
  readonly limit: number;
  /** What took longer than so many milliseconds was too slow; 0 where it is about errors. */
  readonly edgeMs: number;
}

/** How a guarded variant stands. */
export interface Standing {
  readonly flag: string;
  readonly variant: string;
  /** The variant that it is compared with. */
  readonly control: string;
  /** The guard's generation. */
  readonly generation: number;
  readonly state: "insufficient" | "ok" | "suspect" | "breach";
  /** With `insufficient`: what is missing. `power`: a breach of five times the limit would not show yet. */
  readonly lack?: "requests" | "power" | "stale" | "control" | "volume";
  /** True where the control is served in its place: it is rolled back, or ejected for a while. */
  readonly withdrawn: boolean;
  /** Absent without requests. */
  readonly evidence?: Grounds;
}

/** What a guard has ordered; it holds until the `generation` of the flag's guard grows. */
export interface Directive {
  readonly flag: string;
  readonly variant: string;
  readonly generation: number;
  /** `rollback`: the control is served in the variant's place. `freeze`: the flag's schedules stand still. */
  readonly action: "rollback" | "freeze";
  /** When, in milliseconds since 1970. */
  readonly at: number;
  readonly evidence?: Grounds;
}

/** How far a guarded schedule is behind: it goes on only while its guard is `ok`. Times are in milliseconds. */
export interface ScheduleClock {
  readonly flag: string;
  readonly generation: number;
  /** The time at which it is held; absent while it goes on. */
  readonly heldAt?: number;
  readonly lagMs: number;
}

/** Everything that is in force, as JSON carries it. */
export interface Orders {
  readonly directives?: readonly Directive[];
  readonly clocks?: readonly ScheduleClock[];
  /** In a coordinator's answer: the last report of this isolate that it took in. */
  readonly acknowledged?: { readonly isolate: string; readonly sequence: number };
}

/** What one isolate counted, as JSON carries it. */
export interface Delta {
  readonly isolate: string;
  /** Grows with each delta. */
  readonly sequence: number;
  /** Counts by flag, variant and slot of time. */
  readonly cells: readonly object[];
}
