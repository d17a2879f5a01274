import type { FaultCount } from "../../router/faults.js";
import { serverOf, type HandlerOptions as SharedOptions, type Host } from "../shared/handler.js";
import type { FetchEventLike } from "./event.js";
import { clientAddress, requestAttributes } from "./facts.js";
import { open } from "./storage.js";

/** How a page's worker follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL. */
export type HandlerOptions = SharedOptions<FetchEventLike>;

/** A listener to a service worker's `fetch` events. */
export interface Handler {
  (event: FetchEventLike): void;
  /** How often each fault was injected since the worker started. */
  faults(): readonly FaultCount[];
}

const SERVICE_WORKER: Host<FetchEventLike> = {
  open,
  inBrowser: true,
  clientAddress,
  requestAttributes,
  keeper: (event) => event,
  passThrough: (request) => fetch(request),
};

/**
 * Decides the requests of a page to its own origin, in the page's service worker. What no route matches goes to the network, as
 * without it. Cookies are out of its sight and reach: a visitor is who `context` says.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/service-worker";
 * addEventListener("fetch", createHandler({ createEngine, snapshot: "/snapshot.json" }));
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const server = serverOf(options, SERVICE_WORKER);
  const listen = (event: FetchEventLike): void => {
    if (new URL(event.request.url).origin !== location.origin) return;
    event.respondWith(server.fetch(event.request, event));
  };
  return Object.assign(listen, { faults: () => server.faults() });
}
