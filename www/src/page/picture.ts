/** A chart that is narrower than its margins, in pixels, can't be drawn; it is cut off instead. */
export const NARROWEST = 160;

/** A chart as one picture with a name; the library names its parts too, which says nothing to who can't see them. */
export function asPicture(chart: Element): Element {
  chart.setAttribute("role", "img");
  for (const part of chart.querySelectorAll("g[aria-label]")) part.removeAttribute("aria-label");
  return chart;
}
