import type { LiveOptions } from "../../source/refresh.js";
import type { SnapshotSource } from "../../source/source.js";
import type { Engine, EngineOptions } from "../../types.js";
import { logDirective, logProblem } from "./log.js";

/** How a handler follows its snapshot, on whichever platform. */
export interface FollowOptions extends Omit<LiveOptions, "source" | "create" | "snapshot"> {
  /** The engine's `createEngine`, from the build of your choice. */
  readonly createEngine: (options: EngineOptions) => Promise<Engine>;
  /** More for `createEngine`: `strict`, say. A `snapshot` here is bundled, and served until the source gives one. */
  readonly engineOptions?: Partial<EngineOptions>;
}

/**
 * An engine's options for following a source.
 * @param coordinated - whether a coordinator gives the engine's orders.
 */
export function following(options: FollowOptions, source: SnapshotSource, coordinated: boolean): LiveOptions {
  const { createEngine, engineOptions = {}, onProblem = logProblem, ...rest } = options;
  const { snapshot: bundled, ...more } = engineOptions;
  return {
    ...rest,
    ...(bundled === undefined ? {} : { snapshot: bundled }),
    source,
    onProblem,
    create: (first) => createEngine({ onDirective: logDirective, ...more, coordinated, snapshot: first }),
  };
}
