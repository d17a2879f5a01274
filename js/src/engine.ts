import { createCore, moduleOf, type Core } from "./core.js";
import { createEdgeBoundary } from "./edge-boundary.js";
import { createExplainer } from "./explainer.js";
import { createGuarding, type Guarding } from "./guarding.js";
import { createRouting, type Routing } from "./route.js";
import type { EdgeManifest } from "./table.js";
import type {
  Engine,
  EngineOptions,
  EvaluationContext,
  LoadReport,
  Orders,
  PreparedContext,
  Problem,
} from "./types.js";

/**
 * Makes an engine with its first snapshot.
 *
 * @throws PointsmanError when the snapshot is refused, or the WebAssembly module can't be had.
 * @example
 * const engine = await createEngine({
 *   snapshot: { flags: { "new-checkout": { enabled: true, rolloutPercentage: 25, whitelistUsers: ["alice"] } } },
 * });
 * engine.isEnabled("new-checkout", { userId: "alice" }); // true
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  return engineOf(await moduleOf(options), options);
}

function engineOf(wasm: WebAssembly.Module, options: EngineOptions): Engine {
  let route: Routing = () => null;
  const core: Core = createCore(wasm, options, {
    started() {
      guarding.started();
    },
    adopted(table, manifest, revision) {
      guarding.adopt(table, manifest as EdgeManifest);
      route = createRouting(routingParts, table, manifest as EdgeManifest, revision);
    },
  });
  const { decider, freshness, instance, clock, load, report, table } = core;
  const { trapped } = instance;
  const boundary = createEdgeBoundary(core.boundary);
  const guarding = createGuarding({ boundary, clock, schedules: freshness.at, trapped, options });
  const routingParts = { boundary, pack: decider.pack, time: freshness.now, clock, trapped };
  const explain = createExplainer({ boundary, decider, table, trapped, age: freshness.age });
  const context = (of: EvaluationContext): PreparedContext => ({
    ...decider.context(of),
    explain: (flagKey) => explain(flagKey, of),
  });
  load(options.snapshot);
  return new LiveEngine(
    {
      ...decider,
      ...guarding,
      explain,
      context,
      load,
      confirm: freshness.confirm,
      route: (request, facts) => route(request, facts),
    },
    {
      report,
      age: freshness.age,
      attributes: () => table().manifest.attributes,
      traps: () => instance.traps,
      orders: guarding.orders,
    },
  );
}

type Calls = Omit<Engine, "revision" | "age" | "loaded" | "problems" | "attributes" | "traps" | "orders">;

interface Status {
  readonly report: () => LoadReport;
  readonly age: () => number | null;
  readonly attributes: () => readonly string[];
  readonly traps: () => number;
  readonly orders: Guarding["orders"];
}

/** A class for its getters: V8 makes an object literal with getters a dictionary, and looks up each call in it. */
class LiveEngine implements Engine {
  readonly isEnabled: Engine["isEnabled"];
  readonly value: Engine["value"];
  readonly evaluate: Engine["evaluate"];
  readonly details: Engine["details"];
  readonly explain: Engine["explain"];
  readonly evaluateAll: Engine["evaluateAll"];
  readonly context: Engine["context"];
  readonly route: Engine["route"];
  readonly report: Engine["report"];
  readonly judge: Engine["judge"];
  readonly drain: Engine["drain"];
  readonly merge: Engine["merge"];
  readonly apply: Engine["apply"];
  readonly load: Engine["load"];
  readonly confirm: Engine["confirm"];
  readonly #status: Status;

  constructor(calls: Calls, status: Status) {
    this.isEnabled = calls.isEnabled;
    this.value = calls.value;
    this.evaluate = calls.evaluate;
    this.details = calls.details;
    this.explain = calls.explain;
    this.evaluateAll = calls.evaluateAll;
    this.context = calls.context;
    this.route = calls.route;
    this.report = calls.report;
    this.judge = calls.judge;
    this.drain = calls.drain;
    this.merge = calls.merge;
    this.apply = calls.apply;
    this.load = calls.load;
    this.confirm = calls.confirm;
    this.#status = status;
  }

  get revision(): number | null {
    return this.#status.report().revision;
  }

  get age(): number | null {
    return this.#status.age();
  }

  get loaded(): LoadReport {
    return this.#status.report();
  }

  get problems(): readonly Problem[] {
    return this.#status.report().problems;
  }

  get attributes(): readonly string[] {
    return this.#status.attributes();
  }

  get orders(): Orders {
    return this.#status.orders();
  }

  get traps(): number {
    return this.#status.traps();
  }
}
