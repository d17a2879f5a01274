/** Each call of an engine, made to trap at each of its functions in turn. */
import { createEngine } from "../../js/dist/workerd.js";
import { fused } from "./fuse.mjs";
import { ALICE, FIRST, SECOND, THIRD, faultsOf, requestTo } from "./snapshot.mjs";

const START = Date.UTC(2026, 2, 2, 9);
const FAILED = { status: 500, durationMs: 1 };

/** An engine with a carried definition and a rollback in force, and its clock. */
async function prepared() {
  const clock = { now: START };
  const engine = await createEngine({ snapshot: FIRST, clock: () => clock.now });
  engine.load(SECOND);
  clock.now += 1_000;
  for (let i = 0; i < 50; i++) engine.report(engine.evaluate("canary", ALICE), FAILED);
  clock.now += 5_000;
  engine.judge();
  return { engine, clock, isolate: engine.drain().isolate };
}

/** @typedef {import("../../js/dist/node.js").Engine} Engine */

/** What each call gives, and what in its place where it traps. @type {{ [name: string]: { call: (engine: Engine) => unknown, right: unknown, trapped: unknown }}} */
const CALLS = {
  isEnabled: { call: (engine) => engine.isEnabled("listed", ALICE), right: true, trapped: false },
  value: { call: (engine) => engine.value("listed", ALICE, "mine"), right: "mine", trapped: "mine" },
  evaluate: { call: (engine) => engine.evaluate("listed", ALICE).variant, right: "on", trapped: ["off", null] },
  evaluateAll: { call: (engine) => engine.evaluateAll(ALICE).isEnabled("listed"), right: true, trapped: false },
  context: { call: (engine) => engine.context(ALICE).isEnabled("listed"), right: true, trapped: false },
  explain: { call: (engine) => engine.explain("listed", ALICE).steps.length, right: 2, trapped: 0 },
  route: {
    call: (engine) => engine.route(requestTo("/listed"), { context: ALICE })?.backend,
    right: "canary",
    trapped: "stable",
  },
  report: {
    call: (engine) => engine.report(engine.evaluate("half", ALICE), FAILED),
    right: undefined,
    trapped: undefined,
  },
  judge: { call: (engine) => engine.judge().length, right: 1, trapped: 0 },
  drain: { call: (engine) => engine.drain().sequence > 0, right: true, trapped: false },
  merge: {
    call: (engine) => engine.merge({ isolate: "another", sequence: 1, cells: [] }),
    right: true,
    trapped: false,
  },
  apply: { call: (engine) => engine.apply(engine.orders), right: undefined, trapped: undefined },
  load: { call: (engine) => loaded(engine), right: 3, trapped: "TRAPPED" },
};

/** @type {(engine: Engine) => number | null | string} */
function loaded(engine) {
  try {
    return engine.load(THIRD).revision;
  } catch (error) {
    return /** @type {any} */ (error).problems[0].code;
  }
}

/**
 * How many functions a call has run through, how many of the traps were sound, and what was wrong.
 * @param {string} name
 * @param {number} kind
 * @param {number} [step] - each so many-th function only.
 */
export async function sweep(name, kind, step = 1) {
  const { call, right, trapped } = CALLS[name];
  const wrong = [];
  let traps = 0;
  for (let calls = 1; ; calls += step) {
    const { engine, isolate } = await prepared();
    const result = fused(calls, kind, () => call(engine));
    if (engine.traps === 0) return { calls: calls - 1, traps, wrong: same(result, right) ? wrong : [...wrong, result] };
    traps++;
    const faults = faultsOf(engine, result === 3 ? 3 : 2);
    if (!same(result, trapped) && !same(result, right)) faults.push(`it gave ${JSON.stringify(result)}`);
    if (engine.drain().isolate === isolate) faults.push("its lost counts go by the same name");
    if (loaded(engine) !== 3) faults.push("it takes no other snapshot");
    if (engine.traps !== 1) faults.push(`${engine.traps} traps`);
    if (faults.length > 0) wrong.push(`at ${calls}: ${faults.join(", ")}`);
  }
}

const same = (result, one) => [one].flat().includes(result) || result === one;
