import { directiveText, standingText } from "../../explain/standing.js";
import type { Directive, PreparedContext, Standing } from "../../types.js";
import { percent, progressOf } from "../terminal.js";
import { coordinatedEdge, loneEdge, type Edge } from "./edge.js";
import type { Plan } from "./plan.js";
import { failureAt, randomFrom } from "./traffic.js";

/** Columns of the charts: they fit a terminal of 80. */
const COLUMNS = 60;
const SECOND = 1_000;
/** How often isolates report to their coordinator, as `pointsman/cloudflare` does by default. */
const REPORT_INTERVAL = 5 * SECOND;
/** Time to the first byte, in milliseconds: latency is not simulated. */
const DURATION = 50;

/** A part of the time. */
export interface Column {
  /** When it ends, in milliseconds since 1970. */
  readonly at: number;
  /** Visitors who get a new variant then. */
  readonly visitors: number;
  /** Requests to new variants in that time, and how many of them failed. */
  readonly requests: number;
  readonly failed: number;
}

/** Something that happened. */
export interface Event {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: "failure" | "state" | "directive";
  readonly text: string;
  readonly directive?: Directive;
  /** With `state`. */
  readonly state?: Standing["state"];
}

/** How many visitors get a new variant at a time. */
export interface Step {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** By the schedule; absent without one. */
  readonly percentage?: number;
  readonly visitors: number;
}

/** What came of it. */
export interface Simulation {
  readonly requests: number;
  readonly columns: readonly Column[];
  readonly steps: readonly Step[];
  readonly events: readonly Event[];
  /** How the flag's variants stand at the end. */
  readonly standings: readonly Standing[];
}

/** Lets visitors come, second by second. */
export async function simulate(bytes: Uint8Array, plan: Plan): Promise<Simulation> {
  let now = plan.start;
  const events: Event[] = [];
  const edgeOf = plan.alone ? loneEdge : coordinatedEdge;
  const edge = await edgeOf(
    bytes,
    () => now,
    (directive) => {
      events.push({ at: now, kind: "directive", text: directiveText(directive), directive });
    },
  );
  const traffic = trafficOf(edge, plan);
  const watch = watchOf(plan, events);
  const columns: Column[] = [];
  const steps: Step[] = [];
  const width = plan.duration / COLUMNS;
  const progress = progressOf("simulated:");
  for (const end = plan.start + plan.duration; now < end; now += SECOND) {
    watch.failures(now);
    traffic.second(now - plan.start);
    if ((now - plan.start) % REPORT_INTERVAL === 0) watch.standings(now, await edge.exchange());
    steps.push(...stepsDue(plan, now, traffic.visitors));
    if (now + SECOND >= plan.start + width * (columns.length + 1)) columns.push(traffic.column(now));
    progress.at((now - plan.start) / plan.duration);
  }
  progress.end();
  steps.push({ at: now, ...planned(plan, now), visitors: traffic.visitors() });
  return { requests: traffic.requests(), columns, steps, events, standings: watch.last() };
}

interface Traffic {
  /** All requests of one second. */
  second(elapsed: number): void;
  /** How many visitors get a new variant now. */
  visitors(): number;
  /** What has been counted since the last one. */
  column(at: number): Column;
  requests(): number;
}

function trafficOf({ engine }: Edge, plan: Plan): Traffic {
  const { flag, control, rate, fail, controlFail } = plan;
  const random = randomFrom(plan.seed);
  const visitors = visitorsOf(engine, plan);
  let all = 0;
  let [requests, failed] = [0, 0];

  const request = (share: number) => {
    const evaluation = (visitors[Math.floor(random() * visitors.length)] as PreparedContext).evaluate(flag);
    const isNew = evaluation.variant !== control;
    const fails = random() < (isNew ? share : controlFail);
    engine.report(evaluation, { status: fails ? 500 : 200, durationMs: DURATION });
    all++;
    if (!isNew) return;
    requests++;
    if (fails) failed++;
  };
  const count = () => visitors.filter((visitor) => visitor.evaluate(flag).variant !== control).length;

  return {
    second(elapsed) {
      const share = failureAt(fail, elapsed)?.share ?? 0;
      for (let i = 0; i < rate; i++) request(share);
    },
    visitors: count,
    column(at) {
      const column = { at, visitors: count(), requests, failed };
      [requests, failed] = [0, 0];
      return column;
    },
    requests: () => all,
  };
}

function visitorsOf(engine: Edge["engine"], { base, unit, visitors }: Plan): readonly PreparedContext[] {
  return Array.from({ length: visitors }, (_, index) => engine.context({ [unit]: `visitor-${index}`, ...base }));
}

interface Watch {
  failures(now: number): void;
  standings(now: number, standings: readonly Standing[]): void;
  last(): readonly Standing[];
}

/** Notes what changes. */
function watchOf({ flag, start, fail }: Plan, events: Event[]): Watch {
  const states = new Map<string, string>();
  let last: readonly Standing[] = [];
  return {
    failures(now) {
      for (const { after, share } of fail) {
        if (after >= now - start && after < now - start + SECOND) {
          events.push({
            at: now,
            kind: "failure",
            text: `${percent(share)} of requests to new variants began to fail`,
          });
        }
      }
    },
    standings(now, standings) {
      last = standings.filter((standing) => standing.flag === flag);
      for (const standing of last) {
        const { variant, state } = standing;
        if (states.get(variant) !== state) events.push({ at: now, kind: "state", state, text: standingText(standing) });
        states.set(variant, state);
      }
    },
    last: () => last,
  };
}

/** The start, and each step of the schedule as it comes. */
function stepsDue(plan: Plan, now: number, visitors: () => number): readonly Step[] {
  const isDue = now === plan.start || plan.schedule.some(({ at }) => at > now - SECOND && at <= now);
  return isDue ? [{ at: now, ...planned(plan, now), visitors: visitors() }] : [];
}

/** The last step that has come. */
function planned({ schedule }: Plan, now: number): { readonly percentage?: number } {
  if (schedule.length === 0) return {};
  return { percentage: schedule.filter(({ at }) => at <= now).at(-1)?.percentage ?? 0 };
}
