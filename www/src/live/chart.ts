import * as Plot from "@observablehq/plot";
import { asPicture, NARROWEST } from "../page/picture.js";
import { KEPT_SECONDS, type Second } from "./demo.js";

/** Requests a second that each origin answered, and of these the failed ones, as an SVG of the given width in pixels. */
export function trafficChart(seconds: readonly Second[], name: string, colour: string, width: number): Element {
  const now = Math.max(...seconds.map(({ at }) => at), 0);
  const seen = seconds
    .filter((second) => second.name === name)
    .map((second) => ({ ...second, ago: (second.at - now) / 1_000 }));
  const most = Math.max(10, ...seconds.map(({ requests }) => requests));
  return asPicture(
    Plot.plot({
      width: Math.max(width, NARROWEST),
      height: 130,
      marginLeft: 40,
      ariaLabel: `${name}: requests by second, and those that failed`,
      x: { domain: [-KEPT_SECONDS, 0], label: "seconds ago", ticks: width < 500 ? 4 : 8 },
      y: { domain: [0, most], label: `${name}, requests a second`, grid: true, ticks: 3 },
      marks: [
        Plot.areaY(seen, { x: "ago", y: "requests", fill: colour, fillOpacity: 0.3, curve: "step" }),
        Plot.lineY(seen, { x: "ago", y: "requests", stroke: colour, strokeWidth: 2, curve: "step" }),
        Plot.areaY(seen, { x: "ago", y: "failed", fill: "var(--wrong)", curve: "step" }),
      ],
    }),
  );
}
