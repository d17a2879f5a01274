export { cookie } from "../../router/cookie.js";
export type { Keeper, SnapshotSource } from "../../source/source.js";
export { kvSource, type KvNamespace, type KvOptions } from "../../source/kv.js";
export { createCoordinator, type CoordinatorClass, type DurableNamespace, type DurableState } from "./coordinator.js";
export type { Overview } from "../../coordinator/coordinator.js";
export type { FollowOptions } from "./live.js";
export { createHandler, type Handler, type HandlerOptions } from "./handler.js";
