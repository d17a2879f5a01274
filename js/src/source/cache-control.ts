/**
 * The longest that a `max-age` is obeyed, in milliseconds: a file server that hands out everything for a year must not put a kill
 * switch off for longer than this.
 */
const LONGEST = 300_000;

/**
 * For how many milliseconds after it was confirmed a response need not be asked for again (RFC 9111, section 4.2.1, as a private
 * cache). `stale-while-revalidate` and `stale-if-error` change nothing: what is held is served for as long as it takes in any case.
 */
export function lifetimeOf(headers: Headers): number {
  const control = (headers.get("cache-control") ?? "").toLowerCase();
  if (/(^|[\s,])no-(store|cache)\b/.test(control)) return 0;
  const [, seconds = null] = /(?:^|[\s,])max-age="?(\d+)/.exec(control) ?? [];
  return Math.min(1_000 * secondsIn(seconds), LONGEST);
}

/** Whole seconds, or 0 for whatever is no such number. */
export function secondsIn(text: string | null): number {
  return /^\d{1,10}$/.test(text ?? "") ? Number(text) : 0;
}
