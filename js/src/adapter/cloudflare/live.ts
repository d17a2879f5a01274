import type { LiveOptions } from "../../source/refresh.js";
import type { SnapshotSource } from "../../source/source.js";
import type { Engine, EngineOptions } from "../../types.js";
import { logDirective, logProblem } from "./log.js";
import { sourceOf } from "./storage.js";

/** How a worker, or its coordinator, follows the snapshot. */
export interface FollowOptions<Env extends object> extends Omit<LiveOptions, "source" | "create" | "snapshot"> {
  /** The engine's `createEngine`, from the build of your choice: the same for a worker and its coordinator. */
  readonly createEngine: (options: EngineOptions) => Promise<Engine>;
  /** The name of a KV binding, whose key `snapshot.json` holds the snapshot; or any source made of the worker's bindings. */
  readonly snapshot: string | ((env: Env) => SnapshotSource);
  /** More for `createEngine`: `strict`, say. A `snapshot` here is bundled, and served until the source gives one. */
  readonly engineOptions?: Partial<EngineOptions>;
}

/** @param coordinated - whether a coordinator gives the engine's orders. */
export function liveOptions<Env extends object>(
  { createEngine, snapshot, engineOptions = {}, onProblem = logProblem, ...rest }: FollowOptions<Env>,
  env: Env,
  coordinated: boolean,
): LiveOptions {
  const { snapshot: bundled, ...more } = engineOptions;
  return {
    ...rest,
    ...(bundled === undefined ? {} : { snapshot: bundled }),
    source: sourceOf(snapshot, env),
    onProblem,
    create: (first) => createEngine({ onDirective: logDirective, ...more, coordinated, snapshot: first }),
  };
}
