import { singleFlight } from "../source/flight.js";
import { safely, sparingly } from "../source/reporter.js";
import type { Keeper } from "../source/source.js";
import { within } from "../source/within.js";
import type { Delta, Engine, Orders } from "../types.js";

/** A report is given up after so many milliseconds; what it held is sent again. */
const TIMEOUT = 2_000;

/** How an engine and its coordinator talk. All times are in milliseconds. */
export interface ReporterOptions {
  /** Hands a delta over, and gives the orders that are the answer. */
  readonly send: (delta: Delta) => Promise<Orders>;
  /** Reports are at least so far apart. Default 5,000. */
  readonly interval?: number;
  /** Told of reports that failed. The orders known stay in force. */
  readonly onError?: (error: unknown) => void;
}

/** Reports to a coordinator as requests come. */
export interface Reporter {
  /** To be called with each request: reports what this isolate counted, and takes orders, in the background, if that is due. */
  report(engine: Engine, keeper?: Keeper): void;
}

/** One isolate's side: it tells what it counted, and does as it is told. No request ever waits for it. */
export function createReporter(options: ReporterOptions): Reporter {
  const { send, interval = 5_000, onError = ignore } = options;
  const failed = sparingly(safely(onError), Date.now);
  let reportedAt = -Infinity;
  let current: Engine | null = null;

  const exchange = async () => {
    try {
      if (current === null) return;
      const engine = current;
      engine.apply(await within(send(engine.drain()), TIMEOUT, "reporting to the coordinator"));
    } catch (error) {
      failed(error);
    }
  };
  const flights = singleFlight(exchange, TIMEOUT, Date.now);

  return {
    report(engine, keeper) {
      const now = Date.now();
      // A clock that was set back must not put the next report off.
      const early = now >= reportedAt && now - reportedAt < interval;
      if (early || flights.current() !== null) return;
      reportedAt = now;
      current = engine;
      flights.start(keeper);
    },
  };
}

function ignore(): void {}
