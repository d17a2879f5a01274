import type { Answer, Boundary } from "./boundary.js";
import type { Description } from "./decision.js";
import { PointsmanError, reasonOf, wholeProblem } from "./errors.js";
import type { Manifest } from "./table.js";
import { createGlue } from "#glue";

/** So many traps within the window are no accident: the engine pauses, and answers with fallbacks alone. */
const TRAPS_BEFORE_PAUSE = 3;
const TRAP_WINDOW_MS = 60_000;
/** The first pause; each that follows within a window is twice as long, up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/** Keeps one live instance behind a boundary. */
export interface Instance {
  /** How often it trapped. */
  readonly traps: number;
  /**
   * Loads a snapshot; the manifest is null where it was refused or is the one in use.
   * @throws PointsmanError when the engine can't say.
   */
  load(bytes: Uint8Array): { readonly answer: Answer; readonly manifest: Manifest | null };
  /** A flag's description; null when the engine can't say. */
  describe(flag: number): Description | null;
  /** A call threw: replaces the instance at once, or pauses; during a pause, looks whether it is over. Never throws. */
  trapped(): void;
}

/** How snapshots are taken. */
export interface LoadLimits {
  readonly maxBytes: number;
  readonly strict: boolean;
}

/** Told when a new instance has its first snapshot, before anything is decided by it. What it throws is the instance's failure. */
type Started = () => void;

/**
 * Starts the first instance.
 * @throws PointsmanError when the module is not this package's.
 */
export function createInstance(
  wasm: WebAssembly.Module,
  boundary: Boundary,
  time: () => number,
  { maxBytes, strict }: LoadLimits,
  started: Started,
): Instance {
  /** What is loaded again into the next instance. */
  let good: { readonly bytes: Uint8Array; readonly carried: Uint8Array } | null = null;
  let traps = 0;
  let recent: readonly number[] = [];
  let pause = FIRST_PAUSE_MS;
  /** When the pause is over; null while there is none. */
  let wakeAt: number | null = null;
  let empty = true;

  const start = () => {
    wakeAt = null;
    empty = true;
    boundary.detach();
    boundary.attach(createGlue(wasm));
  };

  const restore = (now: number) => {
    try {
      start();
      if (good !== null && !boundary.load(good.bytes, good.carried, maxBytes, strict).accepted) fail(now);
      else if (good !== null) settle();
    } catch {
      fail(now);
    }
  };

  const settle = () => {
    if (!empty) return;
    empty = false;
    started();
  };

  /** At one time for all that one call tries, and traps at no known time are recent: or there would be no end to the tries. */
  const fail = (now: number) => {
    traps++;
    recent = [...recent.filter((at) => !(Math.abs(now - at) >= TRAP_WINDOW_MS)), now].slice(-TRAPS_BEFORE_PAUSE);
    if (recent.length === 1) pause = FIRST_PAUSE_MS;
    if (recent.length < TRAPS_BEFORE_PAUSE) restore(now);
    else rest(now);
  };

  const rest = (now: number) => {
    boundary.detach();
    wakeAt = now + pause;
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  };

  /** A clock that was set back, or that fails, makes no pause longer than the longest. */
  const trapped = () => {
    const now = time();
    if (wakeAt === null) fail(now);
    else if (!(wakeAt > now && wakeAt - now <= LONGEST_PAUSE_MS)) restore(now);
  };

  /** For a load, a pause is over: the next snapshot may be the cure. Even where the last one can't be restored. */
  const wake = (): Uint8Array => {
    if (wakeAt !== null) restore(time());
    if (wakeAt === null) return NOTHING;
    start();
    return good?.carried ?? NOTHING;
  };

  const load = (bytes: Uint8Array) => {
    const answer = boundary.load(bytes, wake(), maxBytes, strict);
    if (!answer.accepted || answer.report.unchanged) return { answer, manifest: null };
    settle();
    const manifest = JSON.parse(boundary.manifest()) as Manifest;
    good = { bytes, carried: encoder.encode(answer.carriedText) };
    return { answer, manifest };
  };

  try {
    start();
  } catch (error) {
    throw new PointsmanError("the engine can't start", [wholeProblem("WASM_UNAVAILABLE", reasonOf(error))], {
      cause: error,
    });
  }

  return {
    get traps() {
      return traps;
    },
    load(bytes) {
      try {
        return load(bytes);
      } catch (error) {
        // Not held against the snapshot in use: however often a bad one is offered, there is no pause.
        traps++;
        restore(time());
        throw new PointsmanError("the snapshot can't be loaded", [wholeProblem("TRAPPED", reasonOf(error))], {
          cause: error,
        });
      }
    },
    describe(flag) {
      try {
        return JSON.parse(boundary.describe(flag)) as Description;
      } catch {
        trapped();
        return null;
      }
    },
    trapped,
  };
}
