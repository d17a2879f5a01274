/**
 * Runs the corpus of tests/cases/ with one runtime's engine; web standards only, so that every runtime can import it.
 * @typedef {import("../../../js/src/types.js").Engine} Engine
 * @typedef {import("../../../js/src/types.js").Evaluation} Evaluation
 * @typedef {{ name: string, build?: "full", snapshot: object, cases: Case[] }} CaseFile
 * @typedef {{ why: string, flag?: string, context?: any, default?: any, now?: number | null, request?: any, freshId?: string, overrides?: any, expect: any }} Case
 * @typedef {(options: { snapshot: object, clock: () => number }) => Promise<Engine>} CreateEngine
 */

/**
 * Both builds: each file on the full one, and those that the core can do on the core.
 * @param {{ core: CreateEngine, full: CreateEngine }} engines
 * @param {CaseFile[]} files
 */
export async function runBuilds({ core, full }, files) {
  const onCore = await runCases(
    core,
    files.filter(({ build }) => build !== "full"),
  );
  const onFull = await runCases(full, files);
  return { count: onCore.count + onFull.count, failures: [...onCore.failures, ...onFull.failures] };
}

/**
 * @param {CreateEngine} createEngine
 * @param {CaseFile[]} files
 * @returns {Promise<{ count: number, failures: string[] }>}
 */
async function runCases(createEngine, files) {
  const failures = [];
  let count = 0;
  for (const { name, snapshot, cases } of files) {
    let now = 0;
    const engine = await createEngine({ snapshot, clock: () => now });
    for (const one of cases) {
      // Null is a clock that fails.
      now = one.now === null ? NaN : (one.now ?? 0);
      count++;
      for (const [how, actual] of answers(engine, one)) {
        const [expected, got] = [canonical(one.expect), canonical(actual)];
        if (got !== expected) failures.push(`${name}: ${one.why} (${how})\n  expected ${expected}\n  actual   ${got}`);
      }
    }
  }
  return { count, failures };
}

/**
 * A flag is asked in each way that the API has; all must agree.
 * @param {Engine} engine @param {Case} one @returns {[string, any][]}
 */
function answers(engine, one) {
  const { flag, context, expect } = one;
  if (flag === undefined) return [["route", routed(engine, one)]];
  const described = (/** @type {Evaluation | undefined} */ evaluation) => describe(evaluation, "metadata" in expect);
  const prepared = engine.context(context);
  if ("default" in one) {
    return [
      ["details", described(engine.details(flag, context, one.default))],
      ["prepared details", described(prepared.details(flag, one.default))],
      ["value", withValue(expect, engine.value(flag, context, one.default))],
      ["prepared value", withValue(expect, prepared.value(flag, one.default))],
    ];
  }
  const all = engine.evaluateAll(context).get(flag);
  const ways = /** @type {[string, any][]} */ ([
    ["evaluate", described(engine.evaluate(flag, context))],
    ["prepared", described(prepared.evaluate(flag))],
    ["explain", described(engine.explain(flag, context))],
    ["prepared explain", described(prepared.explain(flag))],
    ["value", withValue(expect, engine.value(flag, context, expect.value))],
    ["isEnabled", withEnabled(expect, engine.isEnabled(flag, context))],
  ]);
  return expect.errorCode === "FLAG_NOT_FOUND" ? ways : [...ways, ["evaluateAll", described(all)]];
}

/** What `value` should give is the expected value; on an error it is the default, which the runner makes the same. */
const withValue = (/** @type {any} */ expect, /** @type {any} */ value) => ({ ...expect, value });

/** Shown as a wrong expectation where the boolean is wrong. */
function withEnabled(/** @type {any} */ expect, /** @type {boolean} */ enabled) {
  return enabled === (expect.value === true && expect.errorCode === undefined) ? expect : { ...expect, enabled };
}

/** @param {Evaluation | undefined} evaluation @param {boolean} withMetadata */
function describe(evaluation, withMetadata) {
  if (evaluation === undefined) return undefined;
  const { variant, value, reason, detail, rule, errorCode, flagMetadata } = evaluation;
  return {
    variant,
    value,
    reason,
    detail,
    ...(rule && { rule }),
    ...(errorCode && { errorCode }),
    ...(withMetadata && { metadata: flagMetadata }),
  };
}

/** @param {Engine} engine @param {Case} one */
function routed(engine, { request, context, freshId, overrides }) {
  const { method, url, headers = {}, attributes } = request;
  // A `Request` would drop `Cookie` and `Sec-Fetch-Mode` in a browser.
  const fields = { get: (/** @type {string} */ name) => headers[name] ?? null };
  const decision = engine.route({ method, url, headers: fields }, { context, freshId, overrides, request: attributes });
  if (decision === null) return null;
  const { route, backend, fallback, evaluation, visitorId, setCookie, fault } = decision;
  const flag = evaluation && describe(evaluation, false);
  return { route, backend, fallback, flag, visitorId, setCookie, ...(fault && { fault: injected(fault) }) };
}

/** @param {import("../../../js/src/types.js").InjectedFault} fault */
function injected({ name, delayMs, abortStatus }) {
  return { name, delayMs, abortStatus };
}

/** Text in which the order of an object's members means nothing. @param {unknown} value */
function canonical(value) {
  return JSON.stringify(value, (_, member) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
