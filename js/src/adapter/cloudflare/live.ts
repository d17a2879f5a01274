import type { LiveOptions } from "../../source/refresh.js";
import type { SnapshotSource } from "../../source/source.js";
import { following, type FollowOptions as SharedOptions } from "../shared/follow.js";
import { sourceOf } from "./storage.js";

/** How a worker, or its coordinator, follows the snapshot: the same `createEngine` for both. */
export interface FollowOptions<Env extends object> extends SharedOptions {
  /** The name of a KV binding, whose key `snapshot.json` holds the snapshot; or any source made of the worker's bindings. */
  readonly snapshot: string | ((env: Env) => SnapshotSource);
}

/** @param coordinated - whether a coordinator gives the engine's orders. */
export function liveOptions<Env extends object>(
  { snapshot, ...rest }: FollowOptions<Env>,
  env: Env,
  coordinated: boolean,
): LiveOptions {
  return following(rest, sourceOf(snapshot, env), coordinated);
}
