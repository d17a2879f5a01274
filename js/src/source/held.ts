import type { Engine, Problem, SnapshotInput } from "../types.js";

/** The engine in use: made from the first sound snapshot, reloaded with those that follow. */
export class HeldEngine {
  readonly #create: (snapshot: SnapshotInput) => Promise<Engine>;
  #engine: Engine | null = null;
  #last: SnapshotInput | null = null;
  /** Whether `#last` is in use; false where it was refused. */
  #inUse = false;

  /** @param create - makes the engine from its first snapshot. */
  constructor(create: (snapshot: SnapshotInput) => Promise<Engine>) {
    this.#create = create;
  }

  /** The engine in use, or null before the first sound snapshot. */
  get engine(): Engine | null {
    return this.#engine;
  }

  /**
   * Serves this snapshot from now on; one that was tried before is not tried again, but the one in use is confirmed. Gives the
   * problems it was accepted with.
   * @throws PointsmanError when it is refused; the last good one stays.
   */
  async take(snapshot: SnapshotInput): Promise<readonly Problem[]> {
    if (this.#engine === null) return this.#make(snapshot);
    if (same(snapshot, this.#last)) return this.#again(this.#engine);
    this.#last = snapshot;
    this.#inUse = false;
    const { problems } = this.#engine.load(snapshot);
    this.#inUse = true;
    return problems;
  }

  async #make(snapshot: SnapshotInput): Promise<readonly Problem[]> {
    const engine = await this.#create(snapshot);
    this.#engine = engine;
    this.#last = snapshot;
    this.#inUse = true;
    return engine.problems;
  }

  #again(engine: Engine): readonly Problem[] {
    if (this.#inUse) engine.confirm();
    return [];
  }
}

function same(a: SnapshotInput, b: SnapshotInput | null): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? sameBytes(a, b) : a === b;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
