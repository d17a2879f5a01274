import type { Step } from "pointsman/full";
import { armOf } from "../engine/snapshot.js";

/** All points of a line. */
const POINTS = 2 ** 32;

type Part = Extract<Step, { step: "part" }>;

/** The line that a rollout deals visitors on: the parts that are given out, and where this visitor stands. */
export function Line({ steps, variants }: { steps: readonly Step[]; variants: readonly string[] }) {
  // The last point is that of the flag's own rollout; earlier ones are of rules and prerequisites.
  const from = steps.findLastIndex(({ step }) => step === "point");
  const point = steps[from];
  if (point?.step !== "point") return null;
  const parts = steps.slice(from + 1).filter((step): step is Part => step.step === "part");
  return (
    // In words it stands in the steps below.
    <div class="line" aria-hidden="true">
      {parts.map((part) => (
        <i
          data-arm={armOf(variants, part.variant)}
          style={{ left: percent(part.from), width: percent(part.to - part.from) }}
        />
      ))}
      <b style={{ left: percent(point.point) }} />
    </div>
  );
}

const percent = (points: number) => `${(100 * points) / POINTS}%`;
