/** What a run has shown, as a table. */
import { flatness } from "./memory.mjs";

/**
 * @typedef {{ seconds: number, rate: number, seed: number, requests: number, statuses: Record<string, number>, troubles: Record<string, number>,
 *   reads: Record<string, Record<string, number>>, firstMinute: import("./tally.mjs").Latency, lastMinute: import("./tally.mjs").Latency,
 *   loads: number, errors: Record<string, number>, problems: number, traps: number, instances: number, faults: import("../../js/dist/router.js").FaultCount[],
 *   revision: number, longestWithoutReadMs: number, verdictsAfterS: number[], samples: import("./memory.mjs").Sample[],
 *   breaches: Record<string, number>, told: string[], log: string }} Figures
 */

/** What broke, a line each; none where all held. @param {Figures} figures */
export function broken({ breaches, samples, traps, verdictsAfterS, seconds }) {
  const grown = flatness(samples).filter(({ isFlat }) => !isFlat);
  return [
    ...Object.entries(breaches).map(([law, number]) => `${law}: ${number}`),
    ...grown.map(({ what, second, last, most }) => `memory, ${what}: ${last} bytes after ${second}, at most ${most}`),
    ...(traps === 0 ? [] : [`no traps: ${traps}`]),
    // The story's first generation breaks after 20 seconds, and is mended after 44.
    ...(verdictsAfterS.length > 0 || seconds < 44 ? [] : ["guards: none rolled back"]),
  ];
}

/** @param {Figures} figures */
export function print(figures) {
  const { requests, loads, reads, statuses, troubles, errors, faults, verdictsAfterS, revision } = figures;
  const times = (/** @type {import("./tally.mjs").Latency} */ { p50, p99 }) => `p50 ${p50} ms, p99 ${p99} ms`;
  const rows = [
    ["requests", `${requests}, ${figures.rate} a second for ${figures.seconds} s and ten before, seed ${figures.seed}`],
    ["statuses", listed(statuses)],
    ["troubles of an origin", listed(troubles)],
    ["faults injected", faults.map(({ fault, injected }) => `${fault} ${injected}`).join(", ")],
    ["revisions", `${revision} published, ${loads} taken; ${figures.problems} problems of a flag`],
    ...Object.entries(reads).map(([who, how]) => [`reads of the ${who}`, listed(how)]),
    ["errors told, repeats left out", listed(errors)],
    ["longest without a read", `${(figures.longestWithoutReadMs / 1_000).toFixed(1)} s`],
    ["rolled back after", `${verdictsAfterS.map((seconds) => seconds.toFixed(1)).join(", ")} s`],
    ["first minute", times(figures.firstMinute)],
    ["last minute", times(figures.lastMinute)],
    ...flatness(figures.samples).map(({ what, second, last, most }) => [
      `memory, ${what}`,
      `second quarter ${megabytes(second)}, last ${megabytes(last)}${most === Infinity ? "" : `, at most ${megabytes(most)}`} MB`,
    ]),
    ["memory, first and last look", [figures.samples[0], figures.samples.at(-1)].map(look).join("; then ")],
    ["wrong", listed(figures.breaches) || "nothing"],
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  for (const [name = "", text] of rows) console.log(`${name.padEnd(width)}  ${text}`);
  for (const line of figures.told) console.log(`  ${line}`);
}

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 2 ** 20).toFixed(2);

/** @param {import("./memory.mjs").Sample | undefined} sample */
function look(sample) {
  const { rss = NaN, heap = NaN, wasm = NaN } = sample ?? {};
  return `process ${megabytes(rss)}, objects ${megabytes(heap)}, wasm ${megabytes(wasm)} MB`;
}

/** @param {Record<string, number>} counts */
function listed(counts) {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return entries.map(([what, number]) => `${what} ${number}`).join(", ");
}
