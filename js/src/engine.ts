import { ENCODER_FROM, loadModule } from "#load";
import { createBoundary } from "./boundary.js";
import { createDecider } from "./decider.js";
import { deepFreeze } from "./decision.js";
import { PointsmanError, reasonOf, wholeProblem } from "./errors.js";
import { createFreshness } from "./freshness.js";
import { createGuarding, type Guarding } from "./guarding.js";
import { createInstance, type Instance } from "./instance.js";
import { createRouting } from "./route.js";
import { snapshotBytes } from "./snapshot.js";
import { createTable, EMPTY, type Manifest, type Table } from "./table.js";
import type { Engine, EngineOptions, LoadReport, Orders, Problem, SnapshotInput } from "./types.js";

const DEFAULT_BYTES = 8 << 20;
const MOST_BYTES = 64 << 20;

/** The package's own module, compiled once for all engines. */
let compiled: Promise<WebAssembly.Module> | undefined;

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
  return engineOf(options.wasm ?? (await ownModule()), options);
}

async function ownModule(): Promise<WebAssembly.Module> {
  try {
    return await (compiled ??= loadModule());
  } catch (error) {
    compiled = undefined;
    throw new PointsmanError("the engine can't start", [wholeProblem("WASM_UNAVAILABLE", reasonOf(error))], {
      cause: error,
    });
  }
}

function engineOf(wasm: WebAssembly.Module, options: EngineOptions): Engine {
  const maxBytes = Math.min(options.maxSnapshotBytes ?? DEFAULT_BYTES, MOST_BYTES);
  const time = timeOf(options.clock ?? (() => Date.now()));
  const boundary = createBoundary(ENCODER_FROM);
  const limits = { maxBytes, strict: options.strict ?? false };
  const instance: Instance = createInstance(wasm, boundary, time, limits, () => {
    guarding.started();
  });
  const guarding = createGuarding({ boundary, clock: time, trapped: instance.trapped, options });
  const freshness = createFreshness(time);
  const decider = createDecider(boundary, freshness.now, instance.trapped);
  const { trapped } = instance;
  const routingParts = { boundary, pack: decider.pack, time: freshness.now, clock: time, trapped };
  let table = EMPTY;
  let report: LoadReport = NOTHING_LOADED;
  let route = createRouting(routingParts, EMPTY, null);

  const adopt = (manifest: Manifest, { problems, revision }: LoadReport) => {
    const describe = (flag: number) => (table === next ? instance.describe(flag) : null);
    const next: Table = createTable(manifest, problems, describe);
    table = next;
    freshness.adopt(manifest.maxAge);
    decider.adopt(next);
    guarding.adopt(next);
    route = createRouting(routingParts, next, revision);
  };

  const swap = (input: SnapshotInput): LoadReport => {
    const bytes = snapshotBytes(input, maxBytes);
    table.settle();
    const { answer, manifest } = instance.load(bytes);
    const next = deepFreeze(answer.report);
    if (!answer.accepted) throw new PointsmanError("the snapshot was refused", next.problems);
    report = next;
    if (manifest === null) freshness.confirm();
    else adopt(manifest, next);
    return next;
  };

  const load = (input: SnapshotInput): LoadReport => {
    try {
      const loaded = swap(input);
      if (!loaded.unchanged) tell(loaded.problems, options.onProblem);
      return loaded;
    } catch (error) {
      if (error instanceof PointsmanError) tell(error.problems, options.onProblem);
      throw error;
    }
  };

  load(options.snapshot);

  return new LiveEngine(
    { ...decider, ...guarding, load, confirm: freshness.confirm, route: (request, facts) => route(request, facts) },
    {
      report: () => report,
      attributes: () => table.manifest.attributes,
      traps: () => instance.traps,
      orders: guarding.orders,
    },
  );
}

type Calls = Omit<Engine, "revision" | "problems" | "attributes" | "traps" | "orders">;

interface Status {
  readonly report: () => LoadReport;
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

const NOTHING_LOADED: LoadReport = {
  unchanged: false,
  revision: null,
  added: [],
  removed: [],
  changed: [],
  carried: [],
  broken: [],
  problems: [],
};

type Listener = EngineOptions["onProblem"];

/** A listener that throws is no reason to fail a load. */
function tell(problems: readonly Problem[], onProblem: Listener): void {
  for (const problem of problems) {
    try {
      onProblem?.(problem);
    } catch {
      // The engine has nowhere to report it.
    }
  }
}

/** A clock that fails gives NaN: whatever depends on the time is then a `GENERAL` error. */
function timeOf(clock: () => number): () => number {
  return () => {
    try {
      const now: unknown = clock();
      return typeof now === "number" ? now : NaN;
    } catch {
      return NaN;
    }
  };
}
