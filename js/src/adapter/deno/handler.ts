import { serverOf, type HandlerOptions as SharedOptions, type Server } from "../shared/handler.js";
import { socketHost, type ProxyOptions } from "../shared/socket.js";
import { peer, type DenoInfo } from "./facts.js";
import { open } from "./storage.js";

/** How a server follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL, or a file's path. */
export interface HandlerOptions extends SharedOptions<DenoInfo>, ProxyOptions {}

/** What `deno serve` runs; its `fetch` is a handler of `Deno.serve`. */
export type Handler = Server<DenoInfo>;

/**
 * A server for `deno serve`, and for `Deno.serve(handler.fetch)`.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/deno";
 * export default createHandler({ createEngine, snapshot: Deno.env.get("SNAPSHOT_URL") });
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  return serverOf(options, { open, ...socketHost(options, peer) });
}
