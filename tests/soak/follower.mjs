/** Whether the worker goes on asking its store, however long that fails. */

/** The handler's `interval`; the longest wait after failures in a row, and the jitter, as docs/sources.md has them. */
const INTERVAL_MS = 700;
const LONGEST_MS = 60_000;
const JITTER = 0.1;
/** A read that hangs is given up after two seconds, and a busy machine may stop everything for some more. */
const SLACK_MS = 20_000;

/** @param {(law: string, what: string) => void} breach */
export function createFollower(breach) {
  let askedAt = performance.now();
  let failures = 0;
  let longest = 0;

  function waited() {
    const waiting = performance.now() - askedAt;
    const most = Math.min(INTERVAL_MS * 2 ** failures, LONGEST_MS) * (1 + JITTER) + SLACK_MS;
    longest = Math.max(longest, waiting);
    if (waiting > most) breach("asks on", `${waiting.toFixed(0)} ms after ${failures} failures, most ${most} ms`);
  }

  return {
    /** @param {boolean} failed - whether the store gives nothing this time. */
    asked(failed) {
      waited();
      askedAt = performance.now();
      failures = failed ? failures + 1 : 0;
    },
    /** At the end: it has not given up. */
    end: waited,
    /** In milliseconds. */
    longest: () => longest,
  };
}
