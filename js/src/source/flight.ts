import type { Keeper } from "./source.js";

/** Work under way, and since when. */
export interface Flight<T> {
  readonly startedAt: number;
  readonly done: Promise<T>;
}

/** One piece of work at a time, shared by whoever asks while it is under way. */
export interface SingleFlight<T> {
  /** The work under way, or null. */
  current(): Flight<T> | null;
  /** Joins the work under way, or starts it. */
  start(keeper?: Keeper): Flight<T>;
}

/**
 * Work under way for longer than `maxAge` milliseconds is given up, and the next to ask starts it anew: where a
 * runtime cancels the request that started it (workerd, when its client leaves), the promise never settles.
 *
 * @param work - is handed the keeper of whoever started it.
 */
export function singleFlight<T>(
  work: (keeper?: Keeper) => Promise<T>,
  maxAge: number,
  clock: () => number,
): SingleFlight<T> {
  let flight: Flight<T> | null = null;

  function current(): Flight<T> | null {
    // A clock that was set back must not make work that never ends last for longer.
    return flight !== null && Math.abs(clock() - flight.startedAt) < maxAge ? flight : null;
  }
  function launch(keeper: Keeper | undefined): Flight<T> {
    const launched: Flight<T> = { startedAt: clock(), done: work(keeper).finally(() => land(launched)) };
    // Settled here so that work nobody waits for is never an unhandled rejection.
    const settled = launched.done.then(ignore, ignore);
    keeper?.waitUntil(settled);
    return (flight = launched);
  }
  function land(landed: Flight<T>): void {
    if (flight === landed) flight = null;
  }
  return { current, start: (keeper) => current() ?? launch(keeper) };
}

function ignore(): void {}
