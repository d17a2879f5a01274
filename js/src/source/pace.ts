/** What a pace is made of. */
export interface PaceOptions {
  /** Milliseconds between two questions. */
  readonly interval: number;
  /** Up to this share of the wait is added at random, 0 to 1, so that many isolates do not ask in step. */
  readonly jitter: number;
}

/** When a source is to be asked again. */
export interface Pace {
  /** Milliseconds from the last question to the next. */
  wait(): number;
  /** A question is asked. */
  asked(): void;
  /** How the last one went. */
  ended(answered: boolean): void;
}

/** A source that keeps failing is still asked once in so many milliseconds, or once an interval where that is longer. */
const LONGEST = 60_000;

/** An interval with jitter, doubled with each failure in a row. */
export function createPace({ interval, jitter }: PaceOptions): Pace {
  let failures = 0;
  let wait = 0;

  /** Not before there is a request: workers have no random numbers while they start. */
  const draw = () => {
    wait = Math.min(interval * 2 ** failures, Math.max(interval, LONGEST)) * (1 + jitter * Math.random());
  };
  return {
    wait: () => wait,
    asked: draw,
    ended(answered) {
      failures = answered ? 0 : failures + 1;
      draw();
    },
  };
}
