/** Memory of the workerd process over time, and whether it stays flat. */

/** Milliseconds between two looks. */
const INTERVAL_MS = 2_000;
const MB = 2 ** 20;
/** Seconds of a run that has collections enough: the least seen came back to where it was every four minutes or so. */
const COLLECTED = 600;

/**
 * How much more than in the second quarter of a run may be in use in its last: a share, and bytes. Chosen before the first run.
 * - The process is told, not judged: it grew by 30 MB between the two in 45 seconds of a worker that only forwards (`--control`), and
 *   by 33 MB with the router.
 * - Objects, by the least seen, which is what a collection has left: code that is compiled late, and statistics. In a short run there
 *   may be none between two looks.
 * - Wasm: the old table and the next take turns, and their gaps don't always fit; see tests/runtimes/memory.test.mjs.
 */
const MARGINS = {
  rss: { share: 0, bytes: Infinity },
  heap: { share: 0.1, bytes: 2 * MB },
  wasm: { share: 0, bytes: 640 * 1_024 },
};

/** @typedef {{ at: number, rss: number, heap: number, wasm: number }} Sample - bytes; seconds since the start. */

/** @param {import("./edge.mjs").Edge} edge */
export function startSampling(edge) {
  const startedAt = performance.now();
  /** @type {Sample[]} */
  const samples = [];
  const look = async () => {
    const [heap, { wasmBytes }] = await Promise.all([edge.heapUsage(), edge.inside()]);
    const wasm = wasmBytes.reduce((sum, bytes) => sum + bytes, 0);
    samples.push({ at: (performance.now() - startedAt) / 1_000, rss: edge.rss(), heap, wasm });
  };
  let looking = look();
  const next = () => {
    looking = looking.then(look);
    // It is waited for at the end; until then nobody hears of it.
    looking.catch(() => {});
  };
  const timer = setInterval(next, INTERVAL_MS);
  return {
    samples,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}

/**
 * @param {Sample[]} samples - of the whole run.
 * @returns {{ what: string, second: number, last: number, most: number, isFlat: boolean }[]} in bytes; `most` is what `last` may be.
 */
export function flatness(samples) {
  const quarter = (/** @type {number} */ number) =>
    samples.slice(Math.floor((samples.length * number) / 4), Math.floor((samples.length * (number + 1)) / 4));
  const isShort = (samples.at(-1)?.at ?? 0) < COLLECTED;
  return /** @type {const} */ (["rss", "heap", "wasm"]).map((what) => {
    const [second, last] = [quarter(1), quarter(3)].map((part) => {
      const sorted = part.map((sample) => sample[what]).toSorted((a, b) => a - b);
      return sorted[what === "heap" ? 0 : Math.floor(sorted.length / 2)] ?? NaN;
    });
    const { share, bytes } = MARGINS[what];
    const most = second * (1 + share) + bytes;
    return { what, second, last, most, isFlat: last <= most || (what === "heap" && isShort) };
  });
}
