import { directiveText, standingText } from "pointsman/explain";
import { createEngine, type Engine } from "pointsman/full";

/** What a visitor of the playground may set. */
export interface Plot {
  /** The canary's share of visitors, in percent. */
  readonly share: number;
  /** From this second on the canary fails. */
  readonly breaksAt: number;
  /** The share of its requests that then fail, in percent. */
  readonly fails: number;
  /** Requests a second, canary and stable together. */
  readonly load: number;
}

/** The story's length, and that of the guard's slots, in seconds. */
export const LENGTH = 300;
export const SLOT = 2;

/** What each of the plot's numbers may be, both ends included. */
export const BOUNDS: { readonly [name in keyof Plot]: { readonly min: number; readonly max: number } } = {
  share: { min: 1, max: 50 },
  breaksAt: { min: 0, max: LENGTH },
  fails: { min: 0, max: 100 },
  // Two hundred a second are 60,000 decisions and reports, which take a few tenths of a second.
  load: { min: 10, max: 200 },
};

/** The plot to begin with. */
export const USUAL: Plot = { share: 25, breaksAt: 120, fails: 20, load: 100 };

/** Whether a value, from a link say, is a plot that can be told. */
export function isPlot(value: unknown): value is Plot {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(BOUNDS).every(([name, { min, max }]) => {
    const number: unknown = Reflect.get(value, name);
    return typeof number === "number" && number >= min && number <= max;
  });
}

/** What was seen in one slot of time. */
export interface Slot {
  /** When it ended, in seconds from the beginning. */
  readonly at: number;
  readonly canary: Counts;
  readonly stable: Counts;
  /** How the guard judged the canary at its end. */
  readonly state: "insufficient" | "ok" | "suspect" | "breach";
  readonly withdrawn: boolean;
  /** The judgement, in words. */
  readonly standing: string;
}

export interface Counts {
  readonly requests: number;
  readonly failed: number;
}

export interface Story {
  readonly slots: readonly Slot[];
  /** The order that withdrew the canary; null where none did. */
  readonly rollback: { readonly at: number; readonly text: string } | null;
}

/** Of all requests, always: the canary must not be blamed for these. */
const USUAL_FAILURES = 0.001;
const START = Date.UTC(2026, 0, 5, 12);
const FLAG = "new-checkout";

/** The snapshot of the story. */
export function storySnapshot({ share }: Pick<Plot, "share">) {
  const guard = { errorRate: { max: 0.01 }, window: "1m", for: "10s", slot: `${SLOT}s`, consecutiveFailures: 0 };
  return { flags: { [FLAG]: { enabled: true, rolloutPercentage: share, guard } } };
}

/** Lets the engine live through the story, by a clock of its own: each request is decided, ends, and is reported. */
export async function simulate(plot: Plot): Promise<Story> {
  const clock = { now: START };
  let rollback: Story["rollback"] = null;
  const engine = await createEngine({
    snapshot: storySnapshot(plot),
    clock: () => clock.now,
    onDirective: (directive) => (rollback ??= { at: secondsAt(directive.at), text: directiveText(directive) }),
  });
  const chance = dice(1);
  const slots: Slot[] = [];
  while (clock.now < START + LENGTH * 1_000) slots.push(liveThrough(engine, plot, clock, chance));
  return { slots, rollback };
}

function liveThrough(engine: Engine, plot: Plot, clock: { now: number }, chance: () => number): Slot {
  const counts = { on: { requests: 0, failed: 0 }, off: { requests: 0, failed: 0 } };
  const begin = clock.now;
  const requests = plot.load * SLOT;
  for (let i = 0; i < requests; i++) {
    clock.now = begin + (i * SLOT * 1_000) / requests;
    const evaluation = engine.evaluate(FLAG, { userId: `visitor-${Math.floor(chance() * 10_000)}` });
    const seen = counts[evaluation.variant === "on" ? "on" : "off"];
    const isBroken = evaluation.variant === "on" && secondsAt(clock.now) >= plot.breaksAt;
    const fails = chance() < (isBroken ? plot.fails / 100 : USUAL_FAILURES);
    seen.requests++;
    if (fails) seen.failed++;
    engine.report(evaluation, { status: fails ? 503 : 200, durationMs: 0 });
  }
  clock.now = begin + SLOT * 1_000;
  return { at: secondsAt(clock.now), canary: counts.on, stable: counts.off, ...judged(engine) };
}

function judged(engine: Engine): Pick<Slot, "state" | "withdrawn" | "standing"> {
  const [standing] = engine.judge();
  if (standing === undefined) return { state: "insufficient", withdrawn: false, standing: "no verdict" };
  return { state: standing.state, withdrawn: standing.withdrawn, standing: standingText(standing) };
}

const secondsAt = (ms: number) => (ms - START) / 1_000;

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32), so that a story can be told twice. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
