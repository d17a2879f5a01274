export { createOfrepHandler, type OfrepHandler, type OfrepOptions } from "./handler.js";
export type { EngineOption, FollowingEngine } from "../openfeature/supply.js";
