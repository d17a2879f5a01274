export { kvSource, type KvNamespace, type KvOptions } from "./kv.js";
export { liveEngine, type LiveEngine, type LiveOptions } from "./refresh.js";
export type { Keeper, Listeners, SnapshotSource } from "./source.js";
