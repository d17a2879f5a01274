import type { EdgeBoundary } from "./edge-boundary.js";
import { deepFreeze } from "./decision.js";
import { PointsmanError, reasonOf, wholeProblem } from "./errors.js";
import type { EdgeManifest, Table } from "./table.js";
import type { Delta, Directive, Engine, EngineOptions, Evaluation, Orders, Outcome, RouteDecision } from "./types.js";

/** How a request ended, as the engine counts it. */
const SUCCESS = 0;
const FAILURE = 1;
const TIMEOUT = 2;
/** Nothing to count: only the time is told. */
const NOTHING = 3;

const NO_ORDERS: Orders = deepFreeze({ directives: [], clocks: [] });

/** What an engine's guards offer, and what they need to be told. */
export interface Guarding extends Pick<Engine, "report" | "judge" | "drain" | "merge" | "apply"> {
  /** What is in force. */
  orders(): Orders;
  /** Another table is in use. */
  adopt(table: Table, manifest: EdgeManifest): void;
  /** A new instance has its snapshot: it gets the orders that the last one had. Its counts are lost. */
  started(): void;
}

/** How guards reach the engine. */
export interface GuardingParts {
  readonly boundary: EdgeBoundary;
  /** The true time. */
  readonly clock: () => number;
  /** What schedules see at a time. */
  readonly schedules: (now: number) => number;
  readonly trapped: () => void;
  readonly options: Pick<EngineOptions, "coordinated" | "onDirective">;
}

/** The guards of one engine. Orders are kept on this side, too, so that they outlive an instance. */
export function createGuarding({ boundary, clock, schedules, trapped, options }: GuardingParts): Guarding {
  let table: Table | null = null;
  let guarded = false;
  let ordersText = "";
  let orders = NO_ORDERS;
  let named = false;

  /** A name not before the first use: in a worker's global scope there is no randomness. */
  const identify = () => {
    if (named) return;
    boundary.identify(crypto.randomUUID(), options.coordinated ?? false);
    named = true;
  };

  const moment = () => {
    const now = clock();
    return [now, schedules(now)] as const;
  };

  const call = <T>(work: () => T, otherwise: T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof PointsmanError) throw error;
      trapped();
      return otherwise;
    }
  };

  const see = () => {
    const text = boundary.orders();
    if (text === ordersText) return;
    const before = orders.directives ?? [];
    ordersText = text;
    orders = deepFreeze(JSON.parse(text) as Orders);
    const known = new Set(before.map((directive) => JSON.stringify(directive)));
    for (const directive of orders.directives ?? []) {
      if (!known.has(JSON.stringify(directive))) tell(directive, options.onDirective);
    }
  };

  const judge = () => {
    const standings = JSON.parse(boundary.judge(...moment())) as ReturnType<Engine["judge"]>;
    see();
    return standings;
  };

  return {
    report(decision, outcome) {
      if (table === null || !guarded) return;
      const [flag, variant, counted, durationMs] = countedOf(table, decision, outcome);
      call(() => {
        identify();
        if (boundary.report(flag, variant, counted, durationMs, ...moment())) see();
      }, undefined);
    },
    judge: () => call(judge, []),
    drain: () =>
      call(() => {
        identify();
        return JSON.parse(boundary.drain(clock())) as Delta;
      }, NO_DELTA),
    merge(delta) {
      const text = textOf("the delta", () => delta);
      return call(() => {
        identify();
        return accepted(boundary.merge(text, clock()), "the delta");
      }, false);
    },
    apply(given) {
      const text = textOf("the orders", () => (Array.isArray(given) ? { directives: given } : given));
      call(() => {
        accepted(boundary.apply(text, ...moment()), "the orders");
        see();
      }, undefined);
    },
    orders: () => orders,
    adopt(next, manifest) {
      table = next;
      guarded = manifest.guarded;
      // Guarded schedules are held from the start, until their guard is ok; what is of a former generation is dropped.
      if (guarded) call(judge, []);
      else if (ordersText !== "") call(see, undefined);
    },
    started() {
      named = false;
      boundary.identify("", options.coordinated ?? false);
      if (ordersText !== "") boundary.apply(ordersText, ...moment());
    },
  };
}

const NO_DELTA: Delta = { isolate: "", sequence: 0, cells: [] };

/** What is told of a request's end. Of what can't be read nothing counts, but the time is told. */
function countedOf(table: Table, decision: RouteDecision | Evaluation, outcome: Outcome) {
  try {
    const [flag, variant] = placesOf(table, decision);
    return [flag, variant, flag < 0 ? NOTHING : codeOf(outcome), durationOf(outcome)] as const;
  } catch {
    return [...NOWHERE, NOTHING, 0] as const;
  }
}

/** The flag's and the variant's place, where the decision counts: a rollout drew it, and it was followed. -1 otherwise. */
function placesOf(table: Table, decision: RouteDecision | Evaluation): readonly [flag: number, variant: number] {
  const evaluation = "evaluation" in decision ? followed(decision) : decision;
  if (evaluation?.reason !== "SPLIT" || evaluation.detail === "layer") return NOWHERE;
  const flag = table.flag(evaluation.flagKey);
  const variant = flag?.description.names.indexOf(evaluation.variant ?? "") ?? -1;
  return flag === undefined || variant < 0 ? NOWHERE : [flag.index, variant];
}

const NOWHERE = [-1, 0] as const;

function followed({ evaluation, fallback, fault }: RouteDecision): Evaluation | null {
  return fallback || fault !== null ? null : evaluation;
}

function codeOf({ status, failure }: Outcome): number {
  if (failure === "aborted") return NOTHING;
  if (failure !== undefined) return failure === "timeout" ? TIMEOUT : FAILURE;
  if (status === undefined) return NOTHING;
  return status >= 500 ? FAILURE : SUCCESS;
}

function durationOf({ durationMs }: { readonly durationMs: unknown }): number {
  return typeof durationMs === "number" && durationMs > 0 ? durationMs : 0;
}

/**
 * What was given, as text. Made before the instance is called: what the caller's object throws is no trap.
 * @throws PointsmanError for what has no JSON text.
 */
function textOf(what: string, given: () => string | object): string {
  try {
    const value = given();
    const text: unknown = typeof value === "string" ? value : JSON.stringify(value);
    if (typeof text === "string") return text;
  } catch (error) {
    throw untold(what, reasonOf(error), error);
  }
  throw untold(what, "it has no JSON text");
}

function untold(what: string, reason: string, cause?: unknown): PointsmanError {
  const problem = wholeProblem("NOT_JSON", `the object can't be made into JSON: ${reason}`);
  return new PointsmanError(`${what} can't be taken`, [problem], { cause });
}

function accepted(answer: ReturnType<EdgeBoundary["merge"]>, what: string): boolean {
  if (typeof answer === "boolean") return answer;
  throw new PointsmanError(`${what} can't be taken`, answer);
}

/** A listener that throws is no reason to fail a request. */
function tell(directive: Directive, onDirective: EngineOptions["onDirective"]): void {
  try {
    onDirective?.(directive);
  } catch {
    // The engine has nowhere to report it.
  }
}
