import { serverOf, type HandlerOptions as SharedOptions, type Server } from "../shared/handler.js";
import { socketHost, type ProxyOptions } from "../shared/socket.js";
import { peer, type BunServer } from "./facts.js";
import { open } from "./storage.js";

/** How a server follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL, or a file's path. */
export interface HandlerOptions extends SharedOptions<BunServer>, ProxyOptions {}

/** What Bun serves as a module's default export; its `fetch` is one of `Bun.serve`. */
export type Handler = Server<BunServer>;

/**
 * A server for Bun: as a module's default export, or `Bun.serve({ port: 8080, fetch: handler.fetch })`.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/bun";
 * export default createHandler({ createEngine, snapshot: process.env.SNAPSHOT_URL });
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  return serverOf(options, { open, ...socketHost(options, peer) });
}
