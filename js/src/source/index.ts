export { cached, type CacheLike } from "./cached.js";
export { denoKvSource, writeDenoKv, type DenoAtomic, type DenoEntry, type DenoKey, type DenoKv } from "./deno-kv.js";
export { edgeConfigSource, type EdgeConfigClient } from "./edge-config.js";
export type { Reloadable } from "./held.js";
export { httpSource, type Fetch, type HttpOptions } from "./http.js";
export { kvSource, type KvNamespace, type KvOptions } from "./kv.js";
export { poll, type Polling, type PollOptions } from "./poll.js";
export { liveEngine, type LiveEngine, type LiveOptions } from "./refresh.js";
export type { Aged, Keeper, Listeners, SnapshotCopy, SnapshotSource, Stored } from "./source.js";
