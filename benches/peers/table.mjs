/** The figures as columns that are a Markdown table too. */
import { BOUNDS } from "./bounds.mjs";

const HEADER = ["engine", "work", "its own", "floor", "ratio", "bound", "aim", ""];

/** @typedef {{ engine: string, work: string, figures: any }} Row */

/** @param {Row[]} rows */
export function tableOf(rows) {
  const lines = [HEADER, HEADER.map(() => "---"), ...rows.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`).join("\n");
}

/** @param {Row} row @returns {string[]} */
function cells(row) {
  const { engine, work, figures } = row;
  const { bound = "", aim = "" } = (engine.startsWith("pointsman") && BOUNDS[work]) || {};
  return [engine, work, ...measured(figures), String(bound), String(aim), misses(row) ? "over the bound" : ""];
}

function measured({ engine, floor, ratio, together }) {
  if (together !== undefined) return [`${together} B`, "", ""];
  return [duration(engine), duration(floor), ratio.toFixed(2)];
}

/** @param {number} ns */
function duration(ns) {
  if (ns < 10_000) return `${ns.toFixed(1)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(1)} us` : `${(ns / 1e6).toFixed(2)} ms`;
}

/** Whether this is a figure of pointsman that is over its bound. @param {Row} row */
export function misses({ engine, work, figures }) {
  if (!engine.startsWith("pointsman") || BOUNDS[work] === undefined) return false;
  return (figures.together ?? figures.ratio) > BOUNDS[work].bound;
}
