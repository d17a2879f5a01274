import type { FaultCount } from "../../router/faults.js";
import { serverOf, type HandlerOptions as SharedOptions, type Host } from "../shared/handler.js";
import { keeperOf, type VercelContext } from "./background.js";
import { clientAddress, requestAttributes } from "./facts.js";
import { goOn } from "./next.js";
import { open } from "./storage.js";

/** How a middleware follows its snapshot, decides and forwards. A `snapshot` that is a text is a URL. */
export type HandlerOptions = SharedOptions<VercelContext | undefined>;

/** A Vercel middleware, or an edge function. */
export interface Handler {
  (request: Request, context?: VercelContext): Promise<Response>;
  /** How often each fault was injected in this isolate. */
  faults(): readonly FaultCount[];
}

const VERCEL: Host<VercelContext | undefined> = {
  open,
  clientAddress,
  requestAttributes,
  keeper: keeperOf,
  passThrough: (request, _context, original) => goOn(request, original),
};

/**
 * A Vercel middleware. What no route matches goes on to the site.
 *
 * @example
 * ```js
 * import { createEngine } from "pointsman";
 * import { createHandler } from "pointsman/vercel";
 * export default createHandler({ createEngine, snapshot: process.env.SNAPSHOT_URL });
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const { fetch, faults } = serverOf(options, VERCEL);
  return Object.assign((request: Request, context?: VercelContext) => fetch(request, context), { faults });
}
