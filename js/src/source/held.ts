import type { Engine, Problem, SnapshotInput } from "../types.js";

/** The engine in use: made from the first sound snapshot, reloaded with those that follow. */
export class HeldEngine {
  readonly #create: (snapshot: SnapshotInput) => Promise<Engine>;
  #engine: Engine | null = null;
  #last: SnapshotInput | null = null;

  /** @param create - makes the engine from its first snapshot. */
  constructor(create: (snapshot: SnapshotInput) => Promise<Engine>) {
    this.#create = create;
  }

  /** The engine in use, or null before the first sound snapshot. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /**
   * Serves this snapshot from now on; one that was tried before is not tried again. Gives the problems it was accepted with.
   * @throws PointsmanError when it is refused; the last good one stays.
   */
  async take(snapshot: SnapshotInput): Promise<readonly Problem[]> {
    if (this.#engine === null) return this.#make(snapshot);
    if (same(snapshot, this.#last)) return [];
    this.#last = snapshot;
    return this.#engine.load(snapshot).problems;
  }

  async #make(snapshot: SnapshotInput): Promise<readonly Problem[]> {
    const engine = await this.#create(snapshot);
    this.#engine = engine;
    this.#last = snapshot;
    return engine.problems;
  }
}

function same(a: SnapshotInput, b: SnapshotInput | null): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? sameBytes(a, b) : a === b;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
