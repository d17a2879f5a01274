export { cookie } from "./cookie.js";
export type { FaultCount } from "./faults.js";
export type { OverrideOptions, Platform, Router, RouterOptions, SharedCache } from "./options.js";
export { createRouter } from "./router.js";
export type { EngineOption } from "./supply.js";
export { kvSource, type KvNamespace, type KvOptions } from "../source/kv.js";
export { liveEngine, type LiveEngine, type LiveOptions } from "../source/refresh.js";
export type { Aged, Keeper, Listeners, SnapshotCopy, SnapshotSource, Stored } from "../source/source.js";
