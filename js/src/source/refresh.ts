import type { Engine, LoadReport, SnapshotInput } from "../types.js";
import { agedOf } from "./aged.js";
import { singleFlight, type Flight, type SingleFlight } from "./flight.js";
import { HeldEngine, type Reloadable } from "./held.js";
import { createPace, type Pace } from "./pace.js";
import { safely, sparingly } from "./reporter.js";
import type { Aged, Keeper, Listeners, SnapshotCopy, SnapshotSource } from "./source.js";
import { within } from "./within.js";

/** An engine that follows its source. */
export interface LiveEngine<E extends Reloadable = Engine> {
  /**
   * The engine to decide a request with. A check of the source that is due starts in the background.
   * Rejects while there is no engine: neither the source nor a copy nor the bundle gave a sound snapshot yet.
   */
  get(keeper?: Keeper): E | Promise<E>;
  /** The engine in use, or null while there is none. Starts nothing. */
  current(): E | null;
  /** Reads the source now, or joins the read under way. True when it answered in time; never rejects. */
  refresh(keeper?: Keeper): Promise<boolean>;
}

/** How an engine follows its source. All times are in milliseconds. */
export interface LiveOptions<E extends Reloadable = Engine> extends Listeners {
  readonly source: SnapshotSource;
  /** Makes the engine: `(snapshot) => createEngine({ snapshot })`. */
  readonly create: (snapshot: SnapshotInput) => Promise<E>;
  /** Served until the source or its copy gives the first sound snapshot. */
  readonly snapshot?: SnapshotInput;
  /**
   * The source is read at most this often, and only when requests come. Default 5,000. While there is an engine and reads fail,
   * it is read less often, down to once a minute.
   */
  readonly interval?: number;
  /** Up to this share of the interval is added to each, at random: 0 to 1, default 0.1. */
  readonly jitter?: number;
  /** The first request after more than one interval without any waits this long for the source. Default 0. */
  readonly patience?: number;
  /** A read is given up after this long; so long does a request wait where there is no engine yet. Default 2,000. */
  readonly timeout?: number;
  /** Milliseconds since 1970. Default `Date.now`, which also stands in for one that fails. */
  readonly clock?: () => number;
}

/**
 * An engine that reads its source again as requests come, in the background, one read at a time.
 * A read that fails, hangs or gives a refused snapshot leaves the last good one in use and is told to `onError`.
 */
export function liveEngine<E extends Reloadable = Engine>(options: LiveOptions<E>): LiveEngine<E> {
  return new Refresher(options);
}

/** A copy that has not answered by then, in milliseconds, is passed over: it is of use only when it is near. */
const NEAR = 500;

type Timing = Required<Pick<LiveOptions, "interval" | "jitter" | "patience" | "timeout" | "clock">>;
type Settings<E extends Reloadable> = LiveOptions<E> & Timing;

function settingsOf<E extends Reloadable>(options: LiveOptions<E>): Settings<E> {
  const { interval = 5_000, jitter = 0.1, patience = 0, timeout = 2_000, clock = Date.now } = options;
  return { ...options, interval, jitter, patience, timeout, clock: soundClock(clock) };
}

/** Where the caller's clock throws or gives no time, the platform's: without any, each request would read the source. */
function soundClock(clock: () => number): () => number {
  return () => {
    try {
      const now: unknown = clock();
      if (Number.isFinite(now)) return now as number;
    } catch {
      // As if it gave none.
    }
    return Date.now();
  };
}

class Refresher<E extends Reloadable> implements LiveEngine<E> {
  readonly #options: Settings<E>;
  readonly #report: (error: unknown) => void;
  readonly #held: HeldEngine<E>;
  readonly #pace: Pace;
  readonly #check: SingleFlight<boolean>;
  readonly #begin: SingleFlight<void>;
  /** Whether a copy and the bundle were tried. */
  #begun: boolean;
  #askedAt = -Infinity;
  #checkedAt = -Infinity;
  #checkAwaited = false;

  constructor(options: LiveOptions<E>) {
    this.#options = settingsOf(options);
    const { clock, timeout, onError, source, snapshot } = this.#options;
    this.#report = sparingly(safely(onError ?? ignore), clock);
    this.#held = new HeldEngine(options.create);
    this.#pace = createPace(this.#options);
    this.#check = singleFlight((keeper) => this.#ask(keeper), timeout, clock);
    this.#begin = singleFlight(() => this.#prepare(), timeout, clock);
    this.#begun = source.copy === undefined && snapshot === undefined;
  }

  get(keeper?: Keeper): E | Promise<E> {
    this.#checkIfDue(this.#options.clock(), keeper);
    return this.#begun ? this.#serve() : this.#first(keeper);
  }

  current(): E | null {
    return this.#held.engine;
  }

  async refresh(keeper?: Keeper): Promise<boolean> {
    const { clock, timeout } = this.#options;
    const { done } = this.#check.current() ?? this.#startCheck(clock(), false, keeper);
    return within(done, timeout, "the snapshot").catch(() => false);
  }

  async #first(keeper: Keeper | undefined): Promise<E> {
    const { done } = this.#begin.start(keeper);
    await within(done, this.#options.timeout, "making the engine").catch(ignore);
    return this.#serve();
  }

  #serve(): E | Promise<E> {
    const engine = this.#held.engine;
    const check = this.#check.current();
    const wait = check === null ? 0 : this.#patience(engine) - (this.#options.clock() - check.startedAt);
    if (check !== null && wait > 0) return this.#afterwards(check, wait);
    return engine ?? Promise.reject(noSnapshot());
  }

  #checkIfDue(now: number, keeper: Keeper | undefined): void {
    const idle = now - this.#askedAt > this.#options.interval;
    this.#askedAt = now;
    // A clock that was set back must not put the next check off.
    const early = now >= this.#checkedAt && now - this.#checkedAt < this.#pace.wait();
    if (early || this.#check.current() !== null) return;
    this.#startCheck(now, idle, keeper);
  }

  #startCheck(now: number, awaited: boolean, keeper: Keeper | undefined): Flight<boolean> {
    this.#checkedAt = now;
    this.#checkAwaited = awaited;
    this.#pace.asked();
    return this.#check.start(keeper);
  }

  /** How long requests wait for the check under way, from its start on. */
  #patience(engine: E | null): number {
    if (engine === null) return this.#options.timeout;
    return this.#checkAwaited ? this.#options.patience : 0;
  }

  async #afterwards(check: Flight<boolean>, wait: number): Promise<E> {
    await within(check.done, wait, "the snapshot").catch(ignore);
    const { engine } = this.#held;
    if (engine === null) throw noSnapshot();
    return engine;
  }

  /** An engine to begin with, for as long as the source has given none. */
  async #prepare(): Promise<void> {
    const { source, snapshot } = this.#options;
    const { copy } = source;
    if (copy !== undefined) await this.#guarded(() => this.#recall(copy));
    if (snapshot !== undefined) await this.#guarded(() => this.#beginWith({ snapshot, age: 0 }));
    this.#begun = true;
  }

  async #recall(copy: SnapshotCopy): Promise<void> {
    const kept = await within(copy.recall(), Math.min(this.#options.timeout, NEAR), "recalling the snapshot");
    if (kept !== null) await this.#beginWith(kept);
  }

  async #beginWith({ snapshot, age }: { snapshot: SnapshotInput; age: number }): Promise<void> {
    this.#tell(await this.#held.begin(snapshot, age));
  }

  /** True when the source answered. */
  async #ask(keeper: Keeper | undefined): Promise<boolean> {
    const read = await this.#guarded(() => this.#read());
    // Where nothing can be served, the source is not spared.
    this.#pace.ended(read !== null || this.#held.engine === null);
    if (read !== null) await this.#guarded(() => this.#take(read, keeper));
    return read !== null;
  }

  async #read(): Promise<Aged> {
    const { source, timeout } = this.#options;
    const reading = new AbortController();
    try {
      const read = await within(source.read(reading.signal), timeout, "reading the snapshot");
      if (read === null) throw new Error("the source holds no snapshot");
      return agedOf(read);
    } finally {
      reading.abort();
    }
  }

  async #take(read: Aged, keeper: Keeper | undefined): Promise<void> {
    this.#tell(await this.#held.take(read.snapshot, read.age));
    const { copy } = this.#options.source;
    if (copy === undefined || !this.#held.isInUse) return;
    // Nobody who waits for the snapshot has to wait for its copy.
    const kept = this.#guarded(() => within(copy.keep(read), this.#options.timeout, "keeping the snapshot"));
    keeper?.waitUntil(kept);
  }

  #tell(report: LoadReport | null): void {
    if (report === null) return;
    const { onProblem, onLoad } = this.#options;
    try {
      for (const problem of report.problems) onProblem?.(problem);
      onLoad?.(report);
    } catch (error) {
      this.#report(error);
    }
  }

  /** Null where it failed, which is reported. */
  async #guarded<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.#report(error);
      return null;
    }
  }
}

function noSnapshot(): Error {
  return new Error("there is no snapshot yet");
}

function ignore(): void {}
