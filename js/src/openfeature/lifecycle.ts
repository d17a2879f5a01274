import { reasonOf } from "../errors.js";
import type { FlagEngine } from "../flags.js";
import type { Keeper } from "../source/source.js";
import type { LoadReport } from "../types.js";
import { watchLoads, type LoadListener } from "./loads.js";
import { supplyOf, type EngineOption, type FollowingEngine } from "./supply.js";

/** What a provider tells the SDK, as events. */
export interface Announcer {
  ready(): void;
  stale(message: string): void;
  /** Another snapshot is in use. */
  loaded(report: LoadReport): void;
}

/** A provider's engine, from the first on, and the events that it gives rise to. */
export class Lifecycle implements LoadListener {
  readonly #supply: FollowingEngine;
  readonly #announce: Announcer;
  #engine: FlagEngine | null = null;
  #unwatch: (() => void) | null = null;
  /** The error, or the stale snapshot, that the SDK was told of last. */
  #trouble: string | null = null;

  constructor(option: EngineOption, announce: Announcer) {
    this.#supply = supplyOf(option);
    this.#announce = announce;
  }

  /**
   * Waits for the engine; the SDK makes an event of how that ends.
   * Rejects while there is none; whoever asks for it later may find one.
   */
  async start(keeper?: Keeper): Promise<FlagEngine> {
    try {
      return this.#adopt(await this.#supply.get(keeper));
    } catch (error) {
      this.#trouble = reasonOf(error);
      throw error;
    }
  }

  /** The engine to decide with; its source is read again where that is due. Rejects while there is none. */
  async engine(keeper?: Keeper): Promise<FlagEngine> {
    return this.#adopt(await this.#supply.get(keeper));
  }

  /** The same for who can't wait: null while there is none. */
  current(): FlagEngine | null {
    const asked = this.#supply.get();
    if (asked instanceof Promise) asked.catch(() => {});
    const engine = this.#supply.current();
    return engine && this.#adopt(engine);
  }

  /** Ends listening to the engine, until it is asked for again. */
  stop(): void {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#engine = null;
  }

  /** The source can't be read: the snapshot in use may be an old one. */
  failed(error: unknown): void {
    if (this.#trouble !== null || this.#engine === null) return;
    this.#trouble = reasonOf(error);
    this.#announce.stale(this.#trouble);
  }

  /** Tells once more that the snapshot in use may be an old one, if so it is. */
  remind(): void {
    if (this.#trouble !== null && this.#engine !== null) this.#announce.stale(this.#trouble);
  }

  loaded(report: LoadReport): void {
    this.confirmed();
    if (!report.unchanged) this.#announce.loaded(report);
  }

  refused(error: unknown): void {
    this.failed(error);
  }

  confirmed(): void {
    if (this.#trouble === null) return;
    this.#trouble = null;
    this.#announce.ready();
  }

  #adopt(engine: FlagEngine): FlagEngine {
    if (engine === this.#engine) return engine;
    this.stop();
    this.#unwatch = watchLoads(engine, this);
    this.#engine = engine;
    this.confirmed();
    return engine;
  }
}
