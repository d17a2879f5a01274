/**
 * Runs the corpus of tests/cases/ with one runtime's engines; web standards only, so that every runtime can import it.
 * @typedef {import("../../../js/src/types.js").Engine} Engine
 * @typedef {import("../../../js/src/types.js").Evaluation} Evaluation
 * @typedef {import("../../../js/dist/flags/node.js").FlagEngine} FlagEngine
 * @typedef {{ name: string, build?: "full", snapshot: any, cases: Case[] }} CaseFile
 * @typedef {{ why: string, flag?: string, context?: any, default?: any, now?: number | null, request?: any, freshId?: string, overrides?: any, expect: any }} Case
 * @typedef {"flags" | "core" | "full"} Build
 * @typedef {(options: { snapshot: object, clock: () => number }) => Promise<FlagEngine>} CreateEngine
 * @typedef {{ count: number, leftOut: { [reason: string]: number }, failures: string[] }} Outcome - of one build
 */

/**
 * Each build on all that it can do.
 * @param {{ [build in Build]: CreateEngine }} engines
 * @param {CaseFile[]} files
 * @returns {Promise<{ [build in Build]: Outcome }>}
 */
export async function runBuilds({ flags, core, full }, files) {
  return {
    flags: await runCases("flags", flags, files),
    core: await runCases("core", core, files),
    full: await runCases("full", full, files),
  };
}

/**
 * What a build can't be asked, or answers otherwise, and why; null for all else.
 * @param {Build} build @param {CaseFile} file @param {Case} one
 */
function reasonLeftOut(build, file, one) {
  if (build === "full") return null;
  if (file.build === "full") return "needs the full build";
  if (build === "core") return null;
  if (one.flag === undefined) return one.overrides === undefined ? "a route" : "a route with overrides";
  // The flags build does not look at guards: one that is wrong breaks nothing there.
  const guarded = file.snapshot.flags?.[one.flag]?.guard !== undefined;
  return guarded && one.expect.errorCode === "PARSE_ERROR" ? "a broken guard" : null;
}

/**
 * One build on all that it can do.
 * @param {Build} build @param {CreateEngine} createEngine @param {CaseFile[]} files
 * @returns {Promise<Outcome>}
 */
export async function runCases(build, createEngine, files) {
  /** @type {Outcome} */
  const outcome = { count: 0, leftOut: {}, failures: [] };
  for (const file of files) {
    const cases = [];
    for (const one of file.cases) {
      const reason = reasonLeftOut(build, file, one);
      if (reason === null) cases.push(one);
      else outcome.leftOut[reason] = (outcome.leftOut[reason] ?? 0) + 1;
    }
    if (cases.length > 0) outcome.failures.push(...(await runFile(build, createEngine, { ...file, cases })));
    outcome.count += cases.length;
  }
  return outcome;
}

/** @param {Build} build @param {CreateEngine} createEngine @param {CaseFile} file */
async function runFile(build, createEngine, { name, snapshot, cases }) {
  let now = 0;
  const engine = await createEngine({ snapshot, clock: () => now });
  const failures = [];
  for (const one of cases) {
    // Null is a clock that fails.
    now = one.now === null ? NaN : (one.now ?? 0);
    for (const [how, actual] of answers(build, engine, one)) {
      const [expected, got] = [canonical(one.expect), canonical(actual)];
      const what = `${build}: ${name}: ${one.why} (${how})`;
      if (got !== expected) failures.push(`${what}\n  expected ${expected}\n  actual   ${got}`);
    }
  }
  return failures;
}

/**
 * A flag is asked in each way that the build has; all must agree.
 * @param {Build} build @param {FlagEngine} engine @param {Case} one @returns {[string, any][]}
 */
function answers(build, engine, one) {
  if (one.flag === undefined) return [["route", routed(/** @type {Engine} */ (engine), one)]];
  if ("default" in one) return typedAnswers(engine, one.flag, one);
  const decisions = decided(engine, one.flag, one);
  return build === "flags" ? decisions : [...decisions, ...explained(/** @type {Engine} */ (engine), one.flag, one)];
}

/** @param {FlagEngine} engine @param {string} flag @param {Case} one @returns {[string, any][]} */
function typedAnswers(engine, flag, { context, default: or, expect }) {
  const prepared = engine.context(context);
  return [
    ["details", describe(engine.details(flag, context, or), expect)],
    ["prepared details", describe(prepared.details(flag, or), expect)],
    ["value", withValue(expect, engine.value(flag, context, or))],
    ["prepared value", withValue(expect, prepared.value(flag, or))],
  ];
}

/** @param {FlagEngine} engine @param {string} flag @param {Case} one @returns {[string, any][]} */
function decided(engine, flag, { context, expect }) {
  const all = engine.evaluateAll(context).get(flag);
  const ways = /** @type {[string, any][]} */ ([
    ["evaluate", describe(engine.evaluate(flag, context), expect)],
    ["prepared", describe(engine.context(context).evaluate(flag), expect)],
    ["value", withValue(expect, engine.value(flag, context, expect.value))],
    ["isEnabled", withEnabled(expect, engine.isEnabled(flag, context))],
  ]);
  return expect.errorCode === "FLAG_NOT_FOUND" ? ways : [...ways, ["evaluateAll", describe(all, expect)]];
}

/** @param {Engine} engine @param {string} flag @param {Case} one @returns {[string, any][]} */
function explained(engine, flag, { context, expect }) {
  return [
    ["explain", describe(engine.explain(flag, context), expect)],
    ["prepared explain", describe(engine.context(context).explain(flag), expect)],
  ];
}

/** What `value` should give is the expected value; on an error it is the default, which the runner makes the same. */
const withValue = (/** @type {any} */ expect, /** @type {any} */ value) => ({ ...expect, value });

/** Shown as a wrong expectation where the boolean is wrong. */
function withEnabled(/** @type {any} */ expect, /** @type {boolean} */ enabled) {
  return enabled === (expect.value === true && expect.errorCode === undefined) ? expect : { ...expect, enabled };
}

/** As the expectation has it: with metadata where it has those. @param {Evaluation | undefined} evaluation @param {any} expect */
function describe(evaluation, expect) {
  if (evaluation === undefined) return undefined;
  const { variant, value, reason, detail, rule, errorCode, flagMetadata } = evaluation;
  return {
    variant,
    value,
    reason,
    detail,
    ...(rule && { rule }),
    ...(errorCode && { errorCode }),
    ...("metadata" in expect && { metadata: flagMetadata }),
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
  const flag = evaluation && describe(evaluation, {});
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
