/** A series as curves, in SVG. Both axes are logarithmic: what is constant is flat, what is linear rises by a decade a decade. */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { sizeText, timeText } from "./text.mjs";

// Explicit colours: an SVG in an <img> knows nothing of the page around it, light or dark.
const PAPER = "#fbfbf8";
const INK = "#4a4a4a";
const COLOURS = ["#2a6fb0", "#c2571a", "#3d8b50", "#8a4fa3"];
const LEGEND_LINE = 15;

/** @param {import("./operation.mjs").Series} series @param {import("./turns.mjs").Row[]} rows */
export function curvesOf({ title, variable, shown }, rows) {
  const names = Object.keys(shown);
  const points = names.flatMap((name) => rows.map((row) => ({ name, size: row.size, time: row[name] })));
  const decades = decadesAround(points.map(({ time }) => time));
  const { document } = parseHTML("<!doctype html><body></body>");
  const svg = Plot.plot({
    document,
    width: 720,
    height: 420,
    marginLeft: 64,
    marginRight: 32,
    marginBottom: 44,
    marginTop: 30 + names.length * LEGEND_LINE,
    style: { background: PAPER, color: INK, fontSize: "12px" },
    x: {
      type: "log",
      label: variable,
      labelAnchor: "center",
      ticks: rows.map(({ size }) => size),
      tickFormat: sizeText,
    },
    y: {
      type: "log",
      label: null,
      grid: true,
      domain: [decades[0], decades.at(-1)],
      ticks: decades,
      tickFormat: timeText,
    },
    color: { domain: names, range: COLOURS },
    marks: [
      Plot.line(points, { x: "size", y: "time", stroke: "name", marker: "dot", strokeWidth: 2 }),
      ...names.map((name, place) => legend(shown[name].label, COLOURS[place], place - names.length)),
    ],
  });
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `${title}: time of one operation`);
  return `${svg.outerHTML}\n`;
}

/** Above the frame, where no curve runs. */
const legend = (label, colour, line) =>
  Plot.text([`● ${label}`], { frameAnchor: "top-left", dy: line * LEGEND_LINE - 4, fill: colour, fontSize: 12 });

/** Powers of ten, from the one under all times to the one above. @param {number[]} times */
function decadesAround(times) {
  const first = Math.floor(Math.log10(Math.min(...times)));
  const last = Math.ceil(Math.log10(Math.max(...times)));
  return Array.from({ length: last - first + 1 }, (_, place) => 10 ** (first + place));
}
