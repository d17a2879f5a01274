import * as Plot from "@observablehq/plot";
import { asPicture, NARROWEST } from "../page/picture.js";
import { LENGTH, type Counts, type Slot, type Story } from "./simulate.js";

/** Chosen so that a single failure does not make the line jump. */
const AVERAGED_SLOTS = 5;

/** The share of failed requests, up to a moment of the story, as an SVG of the given width in pixels. */
export function storyChart({ slots, rollback }: Story, until: number, width: number): Element {
  const seen = slots.filter(({ at }) => at <= until);
  return asPicture(
    Plot.plot({
      width: Math.max(width, NARROWEST),
      height: 220,
      marginLeft: 48,
      ariaLabel: "Share of failed requests by second: canary and stable, and how the guard judges",
      x: { domain: [0, LENGTH], label: "seconds", ticks: width < 500 ? 5 : 10 },
      y: { domain: [0, highest(slots)], label: "failed, percent", grid: true, ticks: 4 },
      marks: [
        Plot.rectX(stretches(seen), {
          x1: "from",
          x2: "to",
          y1: 0,
          y2: highest(slots),
          fill: (d: Stretch) => `var(--state-${d.state})`,
        }),
        Plot.ruleY([1], { stroke: "var(--ink-soft)", strokeDasharray: "4 3" }),
        Plot.line(rates(seen, "stable"), { x: "at", y: "rate", stroke: "var(--arm-0)", strokeWidth: 1.5 }),
        Plot.line(rates(seen, "canary"), { x: "at", y: "rate", stroke: "var(--arm-1)", strokeWidth: 2.5 }),
        Plot.ruleX(rollback !== null && rollback.at <= until ? [rollback.at] : [], {
          stroke: "var(--ink)",
          strokeWidth: 1.5,
        }),
      ],
    }),
  );
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly state: Slot["state"];
}

/** Slots of one state in a row, as one. */
function stretches(slots: readonly Slot[]): Stretch[] {
  const found: { from: number; to: number; state: Slot["state"] }[] = [];
  for (const { at, state } of slots) {
    const last = found.at(-1);
    if (last?.state === state) last.to = at;
    else found.push({ from: last?.to ?? 0, to: at, state });
  }
  return found;
}

/** In percent; a slot without requests interrupts the line. */
function rates(slots: readonly Slot[], name: "canary" | "stable"): { at: number; rate: number }[] {
  return slots.map(({ at }, index) => {
    const averaged = slots.slice(Math.max(0, index - AVERAGED_SLOTS + 1), index + 1).map((slot) => slot[name]);
    return { at, rate: slots[index]?.[name].requests === 0 ? NaN : rateOf(averaged) };
  });
}

function rateOf(counts: readonly Counts[]): number {
  const requests = counts.reduce((sum, one) => sum + one.requests, 0);
  const failed = counts.reduce((sum, one) => sum + one.failed, 0);
  return (100 * failed) / requests;
}

function highest(slots: readonly Slot[]): number {
  const rate = Math.max(...rates(slots, "canary").map((one) => (Number.isNaN(one.rate) ? 0 : one.rate)));
  return Math.max(2, rate * 1.1);
}
