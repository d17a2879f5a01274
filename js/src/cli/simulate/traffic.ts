import { InvalidArgumentError } from "commander";
import { durationIn, shareIn } from "../values.js";

/** From when on how many requests fail. */
export interface Failure {
  /** Milliseconds from the start. */
  readonly after: number;
  /** Of 1. */
  readonly share: number;
}

/** `5%`, or `5%@10m`: added to those before, in the order of time. */
export function failureIn(text: string, before: readonly Failure[]): readonly Failure[] {
  const [share = "", after, ...more] = text.split("@");
  if (more.length > 0) throw new InvalidArgumentError("Write a rate as 5%, or as 5%@10m.");
  const failure = { share: shareIn(share), after: after === undefined ? 0 : durationIn(after) };
  return [...before, failure].sort((a, b) => a.after - b.after);
}

/** The failure that is in force at a time; null before the first. */
export function failureAt(failures: readonly Failure[], elapsed: number): Failure | null {
  return failures.filter(({ after }) => after <= elapsed).at(-1) ?? null;
}

/** Numbers from 0 up to 1 that look random, and are the same for the same seed: mulberry32, by Tommy Ettinger, public domain. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
