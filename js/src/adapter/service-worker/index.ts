export type { SnapshotSource } from "../../source/source.js";
export type { FetchEventLike } from "./event.js";
export { createHandler, type Handler, type HandlerOptions } from "./handler.js";
