/** Counts and times of a run. */

const MINUTE_MS = 60_000;

/**
 * @typedef {import("./load.mjs").Answer} Answer
 * @typedef {import("./visitors.mjs").Ask} Ask
 * @typedef {{ p50: number, p99: number, requests: number }} Latency - in milliseconds.
 */

export function createTally() {
  let startedAt = performance.now();
  let requests = 0;
  /** @type {Record<string, number>} */
  const statuses = {};
  /** @type {Record<string, number>} */
  const troubles = {};
  /** @type {Record<string, Record<string, number>>} */
  const reads = {};
  /** Of what nothing holds back: when it was due, since the start, and how long it took, in milliseconds. @type {[number, number][]} */
  const times = [];

  return {
    start: () => void (startedAt = performance.now()),
    /** @param {string} path @param {string} how */
    read(path, how) {
      count((reads[path.slice(1)] ??= {}), how);
    },
    /** @param {Ask} ask @param {Answer} answer @param {number} dueAt */
    answered({ route, kind }, { status, isWhole }, dueAt) {
      requests += 1;
      count(statuses, isWhole ? String(status) : `${status}, broken off`);
      if (route === "faulty") count(troubles, kind);
      else if (route !== "chaos") times.push([dueAt - startedAt, performance.now() - dueAt]);
    },
    /** @param {import("./memory.mjs").Sample | undefined} sample @param {Record<string, number>} breaches */
    line(sample, breaches) {
      const now = performance.now() - startedAt;
      const { p50, p99 } = latency(times, now - 10_000, now);
      const { rss = NaN, heap = NaN, wasm = NaN } = sample ?? {};
      const memory = [rss, heap, wasm].map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(" / ");
      const wrong = Object.values(breaches).reduce((sum, number) => sum + number, 0);
      const spent = `${(now / 1_000).toFixed(0).padStart(5)} s`;
      return `${spent} ${requests} requests, ${wrong} wrong; MB ${memory} (process, objects, wasm); p50 ${p50} p99 ${p99} ms`;
    },
    figures() {
      const ended = times.at(-1)?.[0] ?? 0;
      return {
        requests,
        statuses,
        troubles,
        reads,
        firstMinute: latency(times, 0, MINUTE_MS),
        lastMinute: latency(times, ended - MINUTE_MS, ended),
      };
    },
  };
}

/** @param {Record<string, number>} counts @param {string} what */
function count(counts, what) {
  counts[what] = (counts[what] ?? 0) + 1;
}

/** @param {[number, number][]} times @param {number} from @param {number} to @returns {Latency} */
function latency(times, from, to) {
  const taken = times.filter(([due]) => due >= from && due < to).map(([, took]) => took);
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => Number((sorted[Math.floor(sorted.length * share)] ?? NaN).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), requests: sorted.length };
}
