import { createCore, moduleOf, type Core } from "./core.js";
import type { Engine, EngineOptions, EvaluationContext, LoadReport, PreparedContext, Problem } from "./types.js";

export { PointsmanError } from "./errors.js";
export type * from "./types.js";

/** An engine for pages: it decides flags, and has no routes, no guards and no explanations. */
export interface FlagEngine extends Omit<Engine, EdgeMember> {
  /** A visitor's context, packed once. */
  context(context: EvaluationContext): Omit<PreparedContext, "explain">;
}

type EdgeMember = "route" | "report" | "judge" | "drain" | "merge" | "apply" | "orders" | "explain" | "context";

/** How one is made. */
export type FlagEngineOptions = Omit<EngineOptions, "coordinated" | "onDirective">;

/**
 * Makes an engine with its first snapshot. What only the edge needs is not looked at: `backends`, `routes`, `guard`.
 *
 * @throws PointsmanError when the snapshot is refused, or the WebAssembly module can't be had.
 */
export async function createEngine(options: FlagEngineOptions): Promise<FlagEngine> {
  const core = createCore(await moduleOf(options), options, { started() {}, adopted() {} });
  core.load(options.snapshot);
  return new LiveFlagEngine(core);
}

/** A class for its getters: V8 makes an object literal with getters a dictionary, and looks up each call in it. */
class LiveFlagEngine implements FlagEngine {
  readonly isEnabled: Engine["isEnabled"];
  readonly value: Engine["value"];
  readonly evaluate: Engine["evaluate"];
  readonly details: Engine["details"];
  readonly evaluateAll: Engine["evaluateAll"];
  readonly context: FlagEngine["context"];
  readonly load: Engine["load"];
  readonly confirm: Engine["confirm"];
  readonly #core: Core;

  constructor(core: Core) {
    const { decider } = core;
    this.isEnabled = decider.isEnabled;
    this.value = decider.value;
    this.evaluate = decider.evaluate;
    this.details = decider.details;
    this.evaluateAll = decider.evaluateAll;
    this.context = decider.context;
    this.load = core.load;
    this.confirm = core.freshness.confirm;
    this.#core = core;
  }

  get revision(): number | null {
    return this.#core.report().revision;
  }

  get age(): number | null {
    return this.#core.freshness.age();
  }

  get loaded(): LoadReport {
    return this.#core.report();
  }

  get problems(): readonly Problem[] {
    return this.#core.report().problems;
  }

  get attributes(): readonly string[] {
    return this.#core.table().manifest.attributes;
  }

  get traps(): number {
    return this.#core.instance.traps;
  }
}
