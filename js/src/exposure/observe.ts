import { isTrue } from "../decision.js";
import type { FlagEngine } from "../flags.js";
import type { Keeper } from "../source/source.js";
import type { Engine, Evaluation, EvaluationContext, Evaluations, Json, PreparedContext, Widened } from "../types.js";
import type { Exposures } from "./exposures.js";

/** What decides for one visitor: a prepared context, or the client of `pointsman/bootstrap`. */
export type Answers = Omit<PreparedContext, "explain">;

/**
 * The same engine, whose decisions are recorded as they are handed out: `isEnabled`, `value`, `evaluate`, `details`, `route`, those
 * of `context`, and what is read of `evaluateAll` by `get` or `isEnabled`. Whoever reads all in a loop, or explains, shows nothing
 * to anybody. The engine itself stays as it is, and records nothing.
 * @param keeper - workerd's `ctx`, of the request that this engine is for.
 */
export function observe<E extends FlagEngine | Engine>(engine: E, exposures: Exposures, keeper?: Keeper): E {
  const see = (evaluation: Evaluation, context: EvaluationContext | undefined) => {
    exposures.record(evaluation, context, keeper);
    return evaluation;
  };
  const observed: Partial<Engine> = {
    isEnabled: (flagKey, context) => isTrue(see(engine.evaluate(flagKey, context), context)),
    value: <T extends Json>(flagKey: string, context: EvaluationContext | undefined, defaultValue: T) =>
      see(engine.details(flagKey, context, defaultValue), context).value as Widened<T>,
    evaluate: (flagKey, context) => see(engine.evaluate(flagKey, context), context),
    details: (flagKey, context, defaultValue) => see(engine.details(flagKey, context, defaultValue), context),
    evaluateAll: (context) => observeAll(engine.evaluateAll(context), (evaluation) => see(evaluation, context)),
    context: (context) => observeContext(engine.context(context) as PreparedContext, exposures, context, keeper),
    ...("route" in engine && { route: routed(engine, exposures, keeper) }),
  };
  return overlaid(engine, observed);
}

/** The same for what decides for one visitor already. */
export function observeContext<A extends Answers>(
  answers: A,
  exposures: Exposures,
  context: EvaluationContext,
  keeper?: Keeper,
): A {
  const see = (evaluation: Evaluation) => {
    exposures.record(evaluation, context, keeper);
    return evaluation;
  };
  const observed: Answers = {
    isEnabled: (flagKey) => isTrue(see(answers.evaluate(flagKey))),
    value: <T extends Json>(flagKey: string, defaultValue: T) =>
      see(answers.details(flagKey, defaultValue)).value as Widened<T>,
    evaluate: (flagKey) => see(answers.evaluate(flagKey)),
    details: (flagKey, defaultValue) => see(answers.details(flagKey, defaultValue)),
    evaluateAll: () => observeAll(answers.evaluateAll(), see),
  };
  return overlaid(answers, observed);
}

function observeAll(all: Evaluations, see: (evaluation: Evaluation) => Evaluation): Evaluations {
  const get = (flagKey: string) => {
    const evaluation = all.get(flagKey);
    return evaluation && see(evaluation);
  };
  return {
    size: all.size,
    get,
    isEnabled: (flagKey) => isTrue(get(flagKey)),
    [Symbol.iterator]: () => all[Symbol.iterator](),
  };
}

function routed(engine: Engine, exposures: Exposures, keeper: Keeper | undefined): Engine["route"] {
  return (request, facts) => {
    const decision = engine.route(request, facts);
    if (decision !== null) exposures.recordRoute(decision, facts?.context, keeper);
    return decision;
  };
}

/** Everything else is the target's own, with the target as its `this`: an engine's getters read what only its class sees. */
function overlaid<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (_, name) => Reflect.get(Object.hasOwn(members, name) ? members : target, name) as unknown,
  });
}
