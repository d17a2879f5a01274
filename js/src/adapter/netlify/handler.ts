import type { FaultCount } from "../../router/faults.js";
import { serverOf, type HandlerOptions as SharedOptions, type Host } from "../shared/handler.js";
import { keeperOf } from "./background.js";
import type { NetlifyContext } from "./context.js";
import { clientAddress, requestAttributes } from "./facts.js";
import { open } from "./storage.js";

/** How an edge function follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL. */
export type HandlerOptions = SharedOptions<NetlifyContext>;

/** A Netlify edge function. */
export interface Handler {
  (request: Request, context: NetlifyContext): Promise<Response>;
  /** How often each fault was injected in this isolate. */
  faults(): readonly FaultCount[];
}

const NETLIFY: Host<NetlifyContext> = {
  open,
  clientAddress,
  requestAttributes,
  keeper: keeperOf,
  passThrough: (request, context) => context.next(request),
};

/**
 * A Netlify edge function. What no route matches goes on to the site. Netlify takes no .wasm along: hence `pointsman/inline`.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman/inline";
 * import { createHandler } from "pointsman/netlify";
 * export default createHandler({ createEngine, snapshot: Netlify.env.get("SNAPSHOT_URL") });
 * export const config = { path: "/*" };
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const { fetch, faults } = serverOf(options, NETLIFY);
  return Object.assign(fetch, { faults });
}
