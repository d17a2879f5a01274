export { cookie } from "../../router/cookie.js";
export type { SnapshotSource } from "../../source/source.js";
export type { DenoInfo } from "./facts.js";
export { createHandler, type Handler, type HandlerOptions } from "./handler.js";
