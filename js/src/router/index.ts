export { cookie } from "./cookie.js";
export type { Platform, Router, RouterOptions } from "./options.js";
export { createRouter } from "./router.js";
export type { EngineOption } from "./supply.js";
export * from "../source/index.js";
