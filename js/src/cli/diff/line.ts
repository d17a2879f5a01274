import { offVariantOf, onVariantOf, type FlagDefinition, type RolloutDefinition } from "../definitions.js";

/** All points of a line, as the bucketing specification has it. */
const POINTS = 2 ** 32;

/** A line whose parts are known: who stands where gets what. */
export interface Line {
  /** In order: each part ends before this point, where the next begins. Null is for a flag that is not there. */
  readonly parts: readonly { readonly end: number; readonly variant: string | null }[];
  /** What the points are made of: on two lines of one seed everybody stands in the same place. Null where it doesn't matter. */
  readonly seed: string | null;
}

/** A share of all visitors that get one variant by the old line, and another or the same by the new one. */
export interface Overlap {
  readonly from: string | null;
  readonly to: string | null;
  /** Of 1. */
  readonly share: number;
}

/** A flag's line where nothing but the line decides; null with rules, a layer or a schedule. Whoever is listed is not on it. */
export function lineOf(key: string, flag: FlagDefinition | undefined, salt = ""): Line | null {
  if (flag === undefined) return everybody(null);
  if (!flag.enabled) return everybody(offVariantOf(flag));
  const { rolloutPercentage: percentage, rollout = percentage === undefined ? undefined : { percentage } } = flag;
  if ((flag.rules ?? []).length > 0 || flag.layer !== undefined || rollout?.schedule !== undefined) return null;
  if (rollout === undefined) return everybody(onVariantOf(flag));
  const parts = partsOf(flag, rollout);
  if (parts.every(({ variant }) => variant === parts[0]?.variant)) return everybody(parts[0]?.variant ?? null);
  return { parts, seed: JSON.stringify([salt, rollout.salt ?? flag.salt ?? key, [flag.bucketBy ?? null].flat()]) };
}

/** Who gets what by both; null where people stand in different places on the two. */
export function overlaps(before: Line, after: Line): readonly Overlap[] | null {
  if (before.seed !== null && after.seed !== null && before.seed !== after.seed) return null;
  const ends = [...before.parts, ...after.parts].map(({ end }) => end).sort((a, b) => a - b);
  const found = new Map<string, Overlap>();
  ends.forEach((end, index) => {
    const [from, to] = [variantBelow(before, end), variantBelow(after, end)];
    const name = JSON.stringify([from, to]);
    const share = (found.get(name)?.share ?? 0) + (end - (ends[index - 1] ?? 0)) / POINTS;
    found.set(name, { from, to, share });
  });
  return [...found.values()].filter(({ share }) => share > 0);
}

function variantBelow({ parts }: Line, end: number): string | null {
  return parts.find((part) => part.end >= end)?.variant ?? null;
}

function everybody(variant: string | null): Line {
  return { parts: [{ end: POINTS, variant }], seed: null };
}

function partsOf(flag: FlagDefinition, { percentage = 100, variant, split }: RolloutDefinition): Line["parts"] {
  const share = percentage / 100;
  const off = offVariantOf(flag);
  const last = { end: POINTS, variant: off };
  if (split === undefined) return proper([{ end: cut(share), variant: variant ?? onVariantOf(flag) }, last]);
  const sum = split.reduce((total, { weight }) => total + weight, 0);
  let before = 0;
  const arms = split.flatMap(({ variant, weight }) => {
    const start = before;
    before += weight;
    return [
      { end: cut(start / sum), variant: off },
      { end: cut((start + share * weight) / sum), variant },
    ];
  });
  return proper([...arms, last]);
}

/** Without the parts that hold nobody. */
function proper(parts: Line["parts"]): Line["parts"] {
  let reached = 0;
  return parts.filter(({ end }) => {
    const holds = end > reached;
    reached = Math.max(reached, end);
    return holds;
  });
}

function cut(share: number): number {
  return Math.floor(share * POINTS + 0.5);
}
