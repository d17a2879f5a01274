import { singleFlight } from "../source/flight.js";
import type { LiveEngine } from "../source/refresh.js";
import type { Keeper } from "../source/source.js";
import { within } from "../source/within.js";
import type { Engine } from "../types.js";

/** An engine, or a way to come by one. */
export type EngineOption = Engine | PromiseLike<Engine> | (() => Engine | PromiseLike<Engine>) | LiveEngine;

/** Gives the engine for one request. */
export type Supply = (keeper?: Keeper) => Engine | Promise<Engine>;

/** The longest that a request waits for its engine, in milliseconds. */
const PATIENCE = 5_000;

/** After a failed creation the next is tried this much later, in milliseconds. */
const PAUSE = 1_000;

/** One way to ask, whatever the option is. */
export function supplyOf(option: EngineOption): Supply {
  if (typeof option === "function") return onDemand(option);
  if ("route" in option) return () => option;
  if ("then" in option) return promised(option);
  return (keeper) => option.get(keeper);
}

function promised(engine: PromiseLike<Engine>): Supply {
  const promise = Promise.resolve(engine);
  // It may reject before the first request asks for it.
  promise.catch(() => {});
  return () => within(promise, PATIENCE, "creating the engine");
}

function onDemand(create: () => Engine | PromiseLike<Engine>): Supply {
  let engine: Engine | null = null;
  let failure: unknown;
  let failedAt = -Infinity;

  async function attempt(): Promise<Engine> {
    // A clock that was set back must not put the next attempt off.
    if (Math.abs(Date.now() - failedAt) < PAUSE) throw failure;
    try {
      return (engine = await create());
    } catch (error) {
      failure = error;
      failedAt = Date.now();
      throw error;
    }
  }
  const attempts = singleFlight(attempt, PATIENCE, Date.now);
  return (keeper) => engine ?? within(attempts.start(keeper).done, PATIENCE, "creating the engine");
}
