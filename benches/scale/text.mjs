/** Figures as people read them: in tables, in curves, on a terminal. */

const TIMES = [1e9, "s", 1e6, "ms", 1e3, "µs", 1, "ns"];
const BYTES = [1e6, "MB", 1e3, "kB", 1, "bytes"];

/** @param {number} nanoseconds */
export const timeText = (nanoseconds) => withUnit(nanoseconds, TIMES);

/** @param {number} bytes */
const bytesText = (bytes) => withUnit(bytes, BYTES);

/** In the largest unit that there is one of. @param {number} value @param {any[]} units */
function withUnit(value, [factor, unit, ...smaller]) {
  return value >= factor || smaller.length === 0 ? `${threeDigits(value / factor)} ${unit}` : withUnit(value, smaller);
}

/** @param {number} value */
const threeDigits = (value) => Number(value.toPrecision(3)).toLocaleString("en");

/** @param {number} size */
export const sizeText = (size) => size.toLocaleString("en");

/** Facts are bytes, all of them. */
const FACTS = {
  snapshotBytes: "snapshot",
  wasmFirst: "wasm memory after the first load",
  wasmReloaded: "after seven more",
};

/**
 * Head and rows of a series; in the last row, how many times the first size's figure the last size's is.
 * @param {import("./operation.mjs").Series} series @param {import("./turns.mjs").Row[]} rows
 */
export function tableOf({ variable, shown }, rows) {
  const facts = Object.entries(FACTS).filter(([name]) => name in rows[0]);
  const head = [variable, ...facts.map(([, label]) => label), ...Object.values(shown).map(({ label }) => label)];
  const names = Object.keys(shown);
  const lines = rows.map((row) => [
    sizeText(row.size),
    ...facts.map(([name]) => bytesText(row[name])),
    ...names.map((name) => timeText(row[name])),
  ]);
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const growth = ["size", ...facts.map(([name]) => name), ...names].map(
    (name) => `× ${threeDigits(last[name] / first[name])}`,
  );
  return { head, lines: [...lines, growth] };
}
