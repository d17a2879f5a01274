import type { Evaluation, EvaluationContext } from "../types.js";
import type { Send } from "./delivery.js";
import { defaultUnit } from "./unit.js";

/** How exposures are collected and sent. All times are in milliseconds. */
export interface ExposureOptions {
  /** Hands a batch over: `sendTo(url)`, or a function of your own. */
  readonly send: Send;
  /**
   * Which decisions are exposures. Default: what a rollout or a rule's rollout drew (`SPLIT`), as nobody else is part of an
   * experiment; not who is outside of the flag's part of a layer. Errors never are.
   */
  readonly when?: (evaluation: Evaluation) => boolean;
  /**
   * The id that an exposure is counted by; without one it is none. Default: the first present of `targetingKey`, `userId` and
   * `visitorId`. Give it where a flag has a `bucketBy` of its own: engines don't tell which id decided.
   */
  readonly unit?: (context: EvaluationContext, flagKey: string) => unknown;
  /** With it the HMAC-SHA-256 of the id under this key is sent in its place, as hexadecimal digits. Not for pages, whose keys are public. */
  readonly hashKey?: string;
  /** How long an exposure waits for others to be sent with it, at most. 0 to an hour, default 5,000; in a worker no more than 10,000. */
  readonly flushInterval?: number;
  /** How many exposures are sent at once, at most; so many are sent without waiting. 1 to 10,000, default 100. */
  readonly maxBatch?: number;
  /** How many exposures wait at most; what comes on top is dropped. 1 to 100,000, default 1,000. */
  readonly maxPending?: number;
  /** How many of (flag, variant, id) are remembered, so that each is sent once. 0 to 1,000,000, default 10,000; 0: each exposure is sent. */
  readonly dedupe?: number;
  /** An attempt to send is given up after this long. 1 to 60,000, default 5,000; in a worker no more than that. */
  readonly timeout?: number;
  /** Told of batches that were dropped, and of a `when` or `unit` that throws; the same once in ten seconds. Default `console.error`. */
  readonly onError?: (error: unknown) => void;
}

/** What was chosen, and defaults for the rest. */
export type Settings = Required<Omit<ExposureOptions, "hashKey" | "onError">>;

/** @throws RangeError for what is out of range. */
export function settingsOf(options: ExposureOptions): Settings {
  const { send, when = isDrawn, unit = defaultUnit, hashKey } = options;
  if (hashKey === "") throw new RangeError("`hashKey` is empty");
  return {
    send,
    when,
    unit,
    flushInterval: within(options, "flushInterval", 5_000, 0, 3_600_000),
    maxBatch: within(options, "maxBatch", 100, 1, 10_000),
    maxPending: within(options, "maxPending", 1_000, 1, 100_000),
    dedupe: within(options, "dedupe", 10_000, 0, 1_000_000),
    timeout: within(options, "timeout", 5_000, 1, 60_000),
  };
}

type Numeric = "flushInterval" | "maxBatch" | "maxPending" | "dedupe" | "timeout";

function within(options: ExposureOptions, name: Numeric, usual: number, least: number, most: number): number {
  const value = options[name] ?? usual;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`\`${name}\` is ${value}: use an integer from ${least} to ${most}`);
}

function isDrawn({ reason, detail }: Evaluation): boolean {
  return reason === "SPLIT" && detail !== "layer";
}
