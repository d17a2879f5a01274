export { httpSource, type Fetch, type HttpOptions } from "./http.js";
export { kvSource, type KvNamespace, type KvOptions } from "./kv.js";
export { liveEngine, type LiveEngine, type LiveOptions } from "./refresh.js";
export type { Aged, Keeper, Listeners, SnapshotSource, Stored } from "./source.js";
