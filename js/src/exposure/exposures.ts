import { singleFlight, type SingleFlight } from "../source/flight.js";
import { safely, sparingly } from "../source/reporter.js";
import type { Keeper } from "../source/source.js";
import type { Evaluation, EvaluationContext, RouteDecision } from "../types.js";
import { deliver } from "./delivery.js";
import { freshId, type Exposure, type Place } from "./exposure.js";
import { hasher } from "./hash.js";
import { whenHidden } from "./page.js";
import { createSeen, type Seen } from "./seen.js";
import { settingsOf, type ExposureOptions, type Settings } from "./settings.js";
import { unitText } from "./unit.js";

/** Who saw what: collected in bounded memory, sent in batches, in the background. Nothing here throws or makes a request wait. */
export interface Exposures {
  /**
   * A decision that the visitor of this context is shown.
   * @param keeper - keeps the work alive that sends it, where a runtime drops what no request holds: workerd's `ctx`.
   */
  record(evaluation: Evaluation, context: EvaluationContext | undefined, keeper?: Keeper): void;
  /** The same for a route's flag. A fallback, and a request that a fault has ended, are no exposures. */
  recordRoute(decision: RouteDecision, context: EvaluationContext | undefined, keeper?: Keeper): void;
  /** Sends what waits, and resolves when that is sent or given up: before a process ends, say. Never rejects. */
  flush(keeper?: Keeper): Promise<void>;
  /** How many exposures a receiver has taken. */
  readonly sent: number;
  /** How many were lost: there were too many, or their batch could not be sent. */
  readonly dropped: number;
  /** How many wait to be sent. */
  readonly pending: number;
}

/**
 * Collects exposures.
 *
 * @throws RangeError for an option that is out of range.
 * @example
 * const exposures = createExposures({ send: sendTo("https://events.example/exposures") });
 * const engine = observe(await createEngine({ snapshot }), exposures);
 */
export function createExposures(options: ExposureOptions): Exposures {
  return new Collector(options);
}

/** A flush under way for longer is taken for dead, in milliseconds: workerd ends what a request holds 30 s after its response. */
const LONGEST_FLUSH = 30_000;

class Collector implements Exposures {
  readonly #settings: Settings;
  readonly #hash: ((unit: string) => Promise<string>) | null;
  readonly #report: (error: unknown) => void;
  readonly #seen: Seen;
  readonly #flushes: SingleFlight<void>;
  readonly #waiting: Exposure[] = [];
  #armedAt = -Infinity;
  #sent = 0;
  #dropped = 0;

  constructor(options: ExposureOptions) {
    this.#settings = settingsOf(options);
    this.#hash = options.hashKey === undefined ? null : hasher(options.hashKey);
    this.#report = sparingly(safely(options.onError ?? console.error), Date.now);
    this.#seen = createSeen(this.#settings.dedupe);
    this.#flushes = singleFlight(() => this.#drain(), LONGEST_FLUSH, Date.now);
    whenHidden(() => this.#leave());
  }

  get sent() {
    return this.#sent;
  }

  get dropped() {
    return this.#dropped;
  }

  get pending() {
    return this.#waiting.length;
  }

  record(evaluation: Evaluation, context: EvaluationContext | undefined, keeper?: Keeper): void {
    this.#safely(() => this.#see(evaluation, context, {}, keeper));
  }

  recordRoute(decision: RouteDecision, context: EvaluationContext | undefined, keeper?: Keeper): void {
    const { evaluation, fallback, fault, visitorId, route, backend } = decision;
    if (evaluation === null || fallback || typeof fault?.abortStatus === "number") return;
    this.#safely(() => {
      const known = visitorId === null ? context : { ...context, visitorId };
      this.#see(evaluation, known, { route, backend }, keeper);
    });
  }

  flush(keeper?: Keeper): Promise<void> {
    return this.#flushes.start(keeper).done;
  }

  /** A caller's function, or a getter of the context, may throw; whoever asked for a decision is not to know. */
  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report(error);
    }
  }

  #see(evaluation: Evaluation, context: EvaluationContext = {}, place: Place, keeper: Keeper | undefined): void {
    const { flagKey, variant, reason, detail, flagMetadata, errorCode } = evaluation;
    if (variant === null || errorCode !== undefined || !this.#settings.when(evaluation)) return;
    const unit = unitText(this.#settings.unit(context, flagKey));
    if (unit === null || !this.#isNew(keyOf(flagKey, variant, unit))) return;
    const decision = { flagKey, variant, reason, detail, flagMetadata, unit };
    this.#waiting.push({ id: freshId(), time: Date.now(), ...decision, ...place });
    if (this.#waiting.length >= this.#settings.maxBatch) this.#flushes.start(keeper);
    else this.#arm(keeper);
  }

  /** False for what was seen, and for what is too much, which is dropped. */
  #isNew(key: string): boolean {
    if (!this.#seen.add(key)) return false;
    if (this.#waiting.length < this.#settings.maxPending) return true;
    this.#seen.forget(key);
    this.#dropped++;
    return false;
  }

  /** A flush later on. A timer that died with its request is armed anew, and a clock that was set back puts nothing off. */
  #arm(keeper: Keeper | undefined): void {
    const { flushInterval } = this.#settings;
    const elapsed = Date.now() - this.#armedAt;
    if (elapsed >= 0 && elapsed <= flushInterval + LONGEST_FLUSH) return;
    this.#armedAt = Date.now();
    const later = pause(flushInterval).then(() => {
      this.#armedAt = -Infinity;
      return this.flush();
    });
    keeper?.waitUntil(later);
  }

  /** Batch by batch. After one that failed the others wait: they would fail as well. */
  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      if (await this.#deliver(this.#take())) continue;
      if (this.#waiting.length > 0) this.#arm(undefined);
      return;
    }
  }

  /** All at once: there may be no later. */
  #leave(): void {
    while (this.#waiting.length > 0) void this.#deliver(this.#take());
  }

  #take(): Exposure[] {
    return this.#waiting.splice(0, this.#settings.maxBatch);
  }

  async #deliver(batch: readonly Exposure[]): Promise<boolean> {
    const { send, timeout } = this.#settings;
    try {
      await deliver(send, await this.#hashed(batch), timeout);
      this.#sent += batch.length;
      return true;
    } catch (error) {
      this.#drop(batch);
      this.#report(error);
      return false;
    }
  }

  async #hashed(batch: readonly Exposure[]): Promise<readonly Exposure[]> {
    const hash = this.#hash;
    if (hash === null) return batch;
    return Promise.all(batch.map(async (exposure) => ({ ...exposure, unit: await hash(exposure.unit) })));
  }

  /** What was dropped was not seen: when the visitor comes again, it is tried again. */
  #drop(batch: readonly Exposure[]): void {
    this.#dropped += batch.length;
    for (const { flagKey, variant, unit } of batch) this.#seen.forget(keyOf(flagKey, variant, unit));
  }
}

/** No name holds a control character. */
function keyOf(flagKey: string, variant: string, unit: string): string {
  return `${flagKey}\n${variant}\n${unit}`;
}

/** Node ends without waiting for it. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, ms);
    if (typeof timer === "object" && timer !== null && "unref" in timer) (timer as { unref(): void }).unref();
  });
}
