import type { Engine, EvaluationContext } from "pointsman/full";

/** How many visitors are drawn. */
export const SIZE = 10_000;

/** What each of the visitors gets. */
export interface Crowd {
  readonly flag: string;
  /** The variants that are counted. */
  readonly variants: readonly string[];
  /** By visitor: the place of their variant in `variants`; `NONE` for a decision without one. */
  readonly arms: Uint8Array;
  /** How many get each variant. */
  readonly counts: readonly number[];
}

/** The arm of a visitor for whom there is no variant. */
export const NONE = 255;

/** The id of a visitor; the same for the same place, always. */
export const visitorId = (index: number) => `visitor-${index}`;

/** Decides a flag for all visitors: they have the attributes of one context, and an id of their own. */
export function decideAll(
  engine: Engine,
  flag: string,
  variants: readonly string[],
  { shared, ids }: { shared: EvaluationContext; ids: readonly string[] },
): Crowd {
  const arms = new Uint8Array(SIZE);
  const counts = variants.map(() => 0);
  const visitor: Record<string, unknown> = { ...shared };
  for (let index = 0; index < SIZE; index++) {
    for (const name of ids) visitor[name] = visitorId(index);
    const arm = variants.indexOf(engine.evaluate(flag, visitor).variant ?? "");
    arms[index] = arm === -1 ? NONE : arm;
    if (arm !== -1) counts[arm] = (counts[arm] ?? 0) + 1;
  }
  return { flag, variants, arms, counts };
}

/** Who moved between two decisions of one flag, the off variant being the last. */
export interface Moves {
  readonly joined: number;
  readonly left: number;
  /** Changed from one variant to another, neither of them the off variant. */
  readonly changed: number;
}

/** Compares visitor by visitor; null where the two are not of the same flag and variants. */
export function movesBetween(before: Crowd, after: Crowd): Moves | null {
  if (before.flag !== after.flag || before.variants.join("\n") !== after.variants.join("\n")) return null;
  const off = after.variants.length - 1;
  const moves = { joined: 0, left: 0, changed: 0 };
  after.arms.forEach((arm, index) => {
    const was = before.arms[index];
    if (was !== arm) moves[was === off ? "joined" : arm === off ? "left" : "changed"]++;
  });
  return moves;
}

const counted = new Intl.NumberFormat("en");

/** In words: how many get which variant. */
export function countsText({ variants, counts, flag }: Crowd): string {
  const shares = variants.map((name, arm) => `${counted.format(counts[arm] ?? 0)} get ${name}`);
  return `${flag}: of ${counted.format(SIZE)} visitors ${shares.join(", ")}.`;
}

/** In words: who moved. */
export function movesText({ joined, left, changed }: Moves): string {
  const others = changed === 0 ? "" : `, ${counted.format(changed)} changed variant`;
  return `${counted.format(joined)} came in, ${counted.format(left)} went out${others}.`;
}

/** The ids of each variant's visitors, as text. */
export function listText({ variants, arms }: Crowd): string {
  const ids = variants.map((): string[] => []);
  arms.forEach((arm, index) => ids[arm]?.push(visitorId(index)));
  return variants.map((name, arm) => `${name}\n${(ids[arm] ?? []).join(" ")}`).join("\n\n");
}
