/** The time that schedules see: the clock's, until the snapshot has gone unconfirmed for too long. */
export interface Freshness {
  /** Milliseconds since 1970; the confirmed time once that is over `maxAge` ago; NaN where the clock fails. */
  now(): number;
  /** The snapshot in use is current as of now. */
  confirm(): void;
  /** Another snapshot is in use, as of now. */
  adopt(maxAge: number | null): void;
}

/** @param time - milliseconds since 1970, or NaN where the clock fails. */
export function createFreshness(time: () => number): Freshness {
  let maxAge = Infinity;
  let confirmedAt = 0;

  /** Without a `maxAge` nobody asks: the clock may be one that fails. */
  const confirm = () => {
    if (maxAge !== Infinity) confirmedAt = time();
  };

  return {
    now() {
      const now = time();
      if (maxAge === Infinity) return now;
      // Cloudflare's clock stands at 0 while a script starts; its first request comes right after that.
      if (confirmedAt === 0) confirmedAt = now;
      return now - confirmedAt <= maxAge ? now : confirmedAt;
    },
    confirm,
    adopt(next) {
      maxAge = next ?? Infinity;
      confirm();
    },
  };
}
