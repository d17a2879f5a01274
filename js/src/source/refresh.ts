import type { Engine, SnapshotInput } from "../types.js";
import { singleFlight, type Flight, type SingleFlight } from "./flight.js";
import { HeldEngine } from "./held.js";
import { safely, sparingly } from "./reporter.js";
import type { Aged, Keeper, Listeners, SnapshotSource, Stored } from "./source.js";
import { within } from "./within.js";

/** An engine that follows its source. */
export interface LiveEngine {
  /**
   * The engine to decide a request with. A check of the source that is due starts in the background.
   * Rejects while there is no engine: neither the source nor the bundle gave a sound snapshot yet.
   */
  get(keeper?: Keeper): Engine | Promise<Engine>;
  /** The engine in use, or null while there is none. Starts nothing. */
  current(): Engine | null;
}

/** How an engine follows its source. All times are in milliseconds. */
export interface LiveOptions extends Listeners {
  readonly source: SnapshotSource;
  /** Makes the engine: `(snapshot) => createEngine({ snapshot })`. */
  readonly create: (snapshot: SnapshotInput) => Promise<Engine>;
  /** Served until the source gives its first sound snapshot. */
  readonly snapshot?: SnapshotInput;
  /** The source is read at most this often, and only when requests come. Default 5,000. */
  readonly interval?: number;
  /** The first request after more than one interval without any waits this long for the source. Default 0. */
  readonly patience?: number;
  /** A read is given up after this long; so long does a request wait where there is no engine yet. Default 2,000. */
  readonly timeout?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * An engine that reads its source again as requests come, in the background, one read at a time.
 * A read that fails, hangs or gives a refused snapshot leaves the last good one in use and is told to `onError`.
 */
export function liveEngine(options: LiveOptions): LiveEngine {
  return new Refresher(options);
}

type Settings = LiveOptions & Required<Pick<LiveOptions, "interval" | "patience" | "timeout" | "clock">>;

function settingsOf(options: LiveOptions): Settings {
  const { interval = 5_000, patience = 0, timeout = 2_000, clock = Date.now } = options;
  return { ...options, interval, patience, timeout, clock };
}

class Refresher implements LiveEngine {
  readonly #options: Settings;
  readonly #report: (error: unknown) => void;
  readonly #held: HeldEngine;
  readonly #check: SingleFlight<void>;
  readonly #begin: SingleFlight<void>;
  #bundled: SnapshotInput | undefined;
  #askedAt = -Infinity;
  #checkedAt = -Infinity;
  #checkAwaited = false;

  constructor(options: LiveOptions) {
    this.#options = settingsOf(options);
    const { clock, timeout, onError } = this.#options;
    this.#report = sparingly(safely(onError ?? ignore), clock);
    this.#held = new HeldEngine(options.create);
    this.#bundled = options.snapshot;
    this.#check = singleFlight(() => this.#guarded(() => this.#read()), timeout, clock);
    this.#begin = singleFlight(() => this.#guarded(() => this.#unbundle()), timeout, clock);
  }

  get(keeper?: Keeper): Engine | Promise<Engine> {
    return this.#bundled === undefined ? this.#serve(keeper) : this.#first(keeper);
  }

  current(): Engine | null {
    return this.#held.engine;
  }

  async #first(keeper: Keeper | undefined): Promise<Engine> {
    const { done } = this.#begin.start(keeper);
    await within(done, this.#options.timeout, "making the engine").catch(ignore);
    return this.#serve(keeper);
  }

  #serve(keeper: Keeper | undefined): Engine | Promise<Engine> {
    const now = this.#options.clock();
    this.#checkIfDue(now, keeper);
    const engine = this.#held.engine;
    const check = this.#check.current();
    const wait = check === null ? 0 : this.#patience(engine) - (now - check.startedAt);
    if (check !== null && wait > 0) return this.#afterwards(check, wait);
    return engine ?? Promise.reject(noSnapshot());
  }

  #checkIfDue(now: number, keeper: Keeper | undefined): void {
    const { interval } = this.#options;
    const idle = now - this.#askedAt > interval;
    this.#askedAt = now;
    // A clock that was set back must not put the next check off.
    const early = now >= this.#checkedAt && now - this.#checkedAt < interval;
    if (early || this.#check.current() !== null) return;
    this.#checkedAt = now;
    this.#checkAwaited = idle;
    this.#check.start(keeper);
  }

  /** How long requests wait for the check under way, from its start on. */
  #patience(engine: Engine | null): number {
    if (engine === null) return this.#options.timeout;
    return this.#checkAwaited ? this.#options.patience : 0;
  }

  async #afterwards(check: Flight<void>, wait: number): Promise<Engine> {
    await within(check.done, wait, "the snapshot").catch(ignore);
    const { engine } = this.#held;
    if (engine === null) throw noSnapshot();
    return engine;
  }

  async #unbundle(): Promise<void> {
    try {
      if (this.#bundled !== undefined) await this.#take(this.#bundled);
    } finally {
      this.#bundled = undefined;
    }
  }

  async #read(): Promise<void> {
    const { source, timeout } = this.#options;
    const reading = new AbortController();
    try {
      const read = await within(source.read(reading.signal), timeout, "reading the snapshot");
      if (read === null) throw new Error("the source holds no snapshot");
      await this.#take(snapshotIn(read));
    } finally {
      reading.abort();
    }
  }

  async #take(snapshot: SnapshotInput): Promise<void> {
    const problems = await this.#held.take(snapshot);
    for (const problem of problems) this.#options.onProblem?.(problem);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#report(error);
    }
  }
}

function snapshotIn(read: Stored | Aged): Stored {
  return typeof read === "object" && "snapshot" in read ? read.snapshot : read;
}

function noSnapshot(): Error {
  return new Error("there is no snapshot yet");
}

function ignore(): void {}
