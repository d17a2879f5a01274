/** Whether the worker goes on asking its store, however long that fails. */

/**
 * The longest wait after failures in a row, and the jitter, as docs/sources.md has them. Shorter ones can't be judged: a busy machine
 * makes reads fail by their time limit, of which the store sees nothing.
 */
const LONGEST_MS = 60_000;
const JITTER = 0.1;
/** A read that hangs is given up after two seconds, and a busy machine may stop everything for some more. */
const SLACK_MS = 20_000;

/** @param {(law: string, what: string) => void} breach */
export function createFollower(breach) {
  let askedAt = performance.now();
  let longest = 0;

  function waited() {
    const waiting = performance.now() - askedAt;
    const most = LONGEST_MS * (1 + JITTER) + SLACK_MS;
    longest = Math.max(longest, waiting);
    if (waiting > most) breach("asks on", `${waiting.toFixed(0)} ms without a read, most ${most} ms`);
  }

  return {
    asked() {
      waited();
      askedAt = performance.now();
    },
    /** At the end: it has not given up. */
    end: waited,
    /** In milliseconds. */
    longest: () => longest,
  };
}
