/** How long one and the same error is kept quiet after it was reported, in milliseconds. */
const QUIET = 10_000;

/** A listener that can't fail whoever reports to it. */
export function safely(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch {
      // There is no one left to tell.
    }
  };
}

/** An `onError` for trouble that lasts: the same message is passed on once in ten seconds, not once a request. */
export function sparingly(onError: (error: unknown) => void, clock: () => number): (error: unknown) => void {
  let last = "";
  let reportedAt = -Infinity;

  return (error) => {
    const message = String(error);
    const now = clock();
    if (message === last && Math.abs(now - reportedAt) < QUIET) return;
    last = message;
    reportedAt = now;
    onError(error);
  };
}
