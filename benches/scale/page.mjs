/** Puts the measured tables into docs/scale.md, between markers, and the curves beside it. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { curvesOf } from "./curves.mjs";
import { tableOf } from "./text.mjs";

const PAGE = new URL("../../docs/scale.md", import.meta.url);
const CURVES = new URL("../../docs/scale/", import.meta.url);

/** @param {{ name: string, series: import("./operation.mjs").Series, rows: import("./turns.mjs").Row[] }[]} measured @param {string} where */
export function writePage(measured, where) {
  let page = between(readFileSync(PAGE, "utf8"), "where", where);
  for (const { name, series, rows } of measured) {
    writeFileSync(new URL(`${name}.svg`, CURVES), curvesOf(series, rows));
    page = between(page, name, markdown(tableOf(series, rows)));
  }
  writeFileSync(PAGE, page);
}

/** @param {string} page @param {string} name @param {string} text */
function between(page, name, text) {
  const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  assert.ok(from >= begin.length && to >= from, `docs/scale.md has the markers of ${name}`);
  return `${page.slice(0, from)}${text}\n${page.slice(to)}`;
}

/** @param {ReturnType<typeof tableOf>} table */
const markdown = ({ head, lines }) =>
  [head, head.map(() => "---:"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
