import type { IncomingMessage, ServerResponse } from "node:http";
import type { FaultCount } from "../../router/faults.js";
import { serverOf, type HandlerOptions as SharedOptions } from "../shared/handler.js";
import { socketHost, type ProxyOptions } from "../shared/socket.js";
import { peer } from "./facts.js";
import { requestOf } from "./request.js";
import { refuse, write } from "./response.js";
import { open } from "./storage.js";

/** How a server follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL, or a file's path. */
export interface HandlerOptions extends SharedOptions<IncomingMessage>, ProxyOptions {}

/** A request listener of `node:http` and `node:https`. */
export interface Handler {
  (incoming: IncomingMessage, outgoing: ServerResponse): void;
  /** How often each fault was injected in this process. */
  faults(): readonly FaultCount[];
}

/**
 * A request listener. Bodies stream both ways, and a client that leaves aborts its request to the backend.
 *
 * @example
 * ```js
 * import { createServer } from "node:http";
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/node";
 * createServer(createHandler({ createEngine, snapshot: process.env.SNAPSHOT_URL })).listen(8080);
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const { fetch, faults } = serverOf(options, { open, ...socketHost(options, peer) });
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = requestOf(incoming, outgoing);
    if (request === null) refuse(outgoing);
    else await write(await fetch(request, incoming), outgoing);
  };
  return Object.assign((incoming: IncomingMessage, outgoing: ServerResponse) => void answer(incoming, outgoing), {
    faults,
  });
}
