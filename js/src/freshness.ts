/** The time that schedules see: the clock's, until the snapshot has gone unconfirmed for too long. */
export interface Freshness {
  /** Milliseconds since 1970, up to `maxAge` after the last confirmation; NaN where the clock fails. */
  now(): number;
  /** The same at a time that the clock gave. */
  at(now: number): number;
  /** Milliseconds since the snapshot in use was last confirmed; null where the clock fails, or failed then. */
  age(): number | null;
  /** The snapshot in use was current so many milliseconds ago; a number that is none, or below 0, counts as 0. */
  confirm(age?: number): void;
  /** Another snapshot is in use, as of now. */
  adopt(maxAge: number | null): void;
}

/** @param time - milliseconds since 1970, or NaN where the clock fails. */
export function createFreshness(time: () => number): Freshness {
  let maxAge = Infinity;
  let confirmedAt = 0;

  /** Cloudflare's clock stands at 0 while a script starts; its first request comes right after that. */
  const confirmedBy = (now: number) => {
    if (confirmedAt === 0) confirmedAt = now;
    return confirmedAt;
  };
  const confirm = (age?: unknown) => {
    confirmedAt = time() - (Number.isFinite(age) ? Math.max(0, age as number) : 0);
  };

  /** Not back to the confirmed time: a share that has grown since keeps whom it has. */
  const at = (now: number) => (maxAge === Infinity ? now : Math.min(now, confirmedBy(now) + maxAge));

  return {
    now: () => at(time()),
    at,
    age() {
      const now = time();
      const age = now - confirmedBy(now);
      // A clock that was set back since says nothing of a future.
      return Number.isFinite(age) ? Math.max(0, age) : null;
    },
    confirm,
    adopt(next) {
      maxAge = next ?? Infinity;
      confirm();
    },
  };
}
