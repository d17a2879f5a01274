import type { Keeper } from "../../source/source.js";

/** Where Vercel's runtimes keep what belongs to the request under way; `waitUntil` of `@vercel/functions` looks there, too. */
const CONTEXT = Symbol.for("@vercel/request-context");

/** What the platform hands over beside a request: a middleware's event, or a function's context. */
export interface VercelContext {
  waitUntil?(work: Promise<unknown>): void;
}

/** The context of the request under way; undefined outside of Vercel. */
export function requestContext(): VercelContext | undefined {
  const holder = (globalThis as { [CONTEXT]?: { get?(): VercelContext | undefined } })[CONTEXT];
  return holder?.get?.();
}

/** What keeps work alive after the answer: of the context handed over, or of the request under way. */
export function keeperOf(context: VercelContext | undefined): Keeper | undefined {
  const keeping = [context, requestContext()].find((one) => typeof one?.waitUntil === "function");
  return keeping as Keeper | undefined;
}
