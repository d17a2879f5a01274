import type { Keeper } from "../../source/source.js";
import type { NetlifyContext } from "./context.js";

/** What keeps work alive after the answer; undefined where the runtime has no such thing, and goes on with it anyway. */
export function keeperOf(context: NetlifyContext): Keeper | undefined {
  return context.waitUntil === undefined ? undefined : (context as Keeper);
}
