import type { FlagEngine } from "../flags.js";
import type { Keeper } from "../source/source.js";

/** An engine that follows its source: what `liveEngine` of `pointsman/router` gives. */
export interface FollowingEngine {
  /** The engine to decide with. A check of the source that is due starts in the background. Rejects while there is none. */
  get(keeper?: Keeper): FlagEngine | Promise<FlagEngine>;
  /** The engine in use, or null while there is none. */
  current(): FlagEngine | null;
}

/** An engine of any build, or a live one. */
export type EngineOption = FlagEngine | FollowingEngine;

/** One way to ask, whatever the option is. */
export function supplyOf(option: EngineOption): FollowingEngine {
  return "details" in option ? { get: () => option, current: () => option } : option;
}
