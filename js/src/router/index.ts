export { cookie } from "./cookie.js";
export type { FaultCount } from "./faults.js";
export type { OverrideOptions, Platform, Router, RouterOptions, SharedCache } from "./options.js";
export { createRouter } from "./router.js";
export type { EngineOption } from "./supply.js";
export * from "../source/index.js";
