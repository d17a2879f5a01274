/** The figures as columns that are a Markdown table too. */
import { BOUNDS } from "./bounds.mjs";

const HEADER = ["engine", "work", "engine", "floor", "ratio", "bound", "aim", ""];

/** @typedef {{ engine: string, work: string, figures: any }} Row */

/** @param {Row[]} rows */
export function tableOf(rows) {
  const lines = [HEADER, HEADER.map(() => "---"), ...rows.map(cells)];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`).join("\n");
}

/** @param {Row} row @returns {string[]} */
function cells({ engine, work, figures }) {
  const { bound, aim } = (engine === "pointsman" && BOUNDS[work]) || {};
  const limits = [bound, aim].map((limit) => (limit === undefined ? "" : String(limit)));
  if (figures.skipped !== undefined) return [engine, work, "", "", "", ...limits, `left out: ${figures.skipped}`];
  if (figures.together !== undefined)
    return [engine, work, ...sizeCells(figures), ...limits, verdict(work, engine, figures)];
  const times = [duration(figures.engine), duration(figures.floor), figures.ratio.toFixed(2)];
  return [engine, work, ...times, ...limits, verdict(work, engine, figures)];
}

const sizeCells = ({ together }) => [`${together} B`, "", ""];

/** @param {number} ns */
function duration(ns) {
  if (ns < 10_000) return `${ns.toFixed(1)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(1)} us` : `${(ns / 1e6).toFixed(2)} ms`;
}

const verdict = (work, engine, figures) => (misses({ engine, work, figures }) ? "over the bound" : "");

/** Whether this is a figure of pointsman that is over its bound. @param {Row} row */
export function misses({ engine, work, figures }) {
  if (engine !== "pointsman" || BOUNDS[work] === undefined || figures.skipped !== undefined) return false;
  return (figures.together ?? figures.ratio) > BOUNDS[work].bound;
}
