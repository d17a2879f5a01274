import type { Engine, LoadReport, SnapshotInput } from "../types.js";

/** What an engine has to have, to be kept up to date: those of `pointsman` do, and that of `pointsman/flags`. */
export type Reloadable = Pick<Engine, "load" | "confirm" | "loaded">;

/** The engine in use: made from the first sound snapshot, reloaded with those that follow. */
export class HeldEngine<E extends Reloadable> {
  readonly #create: (snapshot: SnapshotInput) => Promise<E>;
  #engine: E | null = null;
  #last: SnapshotInput | null = null;
  #inUse = false;

  /** @param create - makes the engine from its first snapshot. */
  constructor(create: (snapshot: SnapshotInput) => Promise<E>) {
    this.#create = create;
  }

  /** The engine in use, or null before the first sound snapshot. */
  get engine(): E | null {
    return this.#engine;
  }

  /** Whether the last snapshot that was taken is in use; false where it was refused. */
  get isInUse(): boolean {
    return this.#inUse;
  }

  /**
   * Serves this snapshot from now on; one that was tried before is not tried again, but the one in use is confirmed. Gives what it
   * changed, or null for nothing.
   *
   * @param age - milliseconds since the source said that it is current.
   * @throws PointsmanError when it is refused; the last good one stays.
   */
  async take(snapshot: SnapshotInput, age: number): Promise<LoadReport | null> {
    const report = await this.begin(snapshot, age);
    if (report !== null || this.#engine === null) return report;
    return same(snapshot, this.#last) ? this.#again(this.#engine, age) : this.#load(this.#engine, snapshot, age);
  }

  /** The same where there is no engine yet; nothing where there is one, or another snapshot was faster to make it. */
  async begin(snapshot: SnapshotInput, age: number): Promise<LoadReport | null> {
    if (this.#engine !== null) return null;
    const engine = await this.#create(snapshot);
    if (this.#isMade()) return null;
    this.#engine = engine;
    this.#last = snapshot;
    this.#inUse = true;
    engine.confirm(age);
    return engine.loaded;
  }

  /** A method, as what was checked before an `await` is not so after it. */
  #isMade(): boolean {
    return this.#engine !== null;
  }

  #load(engine: E, snapshot: SnapshotInput, age: number): LoadReport | null {
    this.#last = snapshot;
    this.#inUse = false;
    const report = engine.load(snapshot);
    this.#inUse = true;
    engine.confirm(age);
    return report.unchanged ? null : report;
  }

  #again(engine: E, age: number): null {
    if (this.#inUse) engine.confirm(age);
    return null;
  }
}

function same(a: SnapshotInput, b: SnapshotInput | null): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? sameBytes(a, b) : a === b;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
