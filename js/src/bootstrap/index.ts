export { createBootstrapClient, type BootstrapClient, type BootstrapClientOptions } from "./client.js";
export type { BootstrapData, Entry } from "./data.js";
export { bootstrap, type BootstrapOptions, type AnyEngine } from "./write.js";
