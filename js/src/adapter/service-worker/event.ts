import type { Keeper } from "../../source/source.js";

/** The part of a service worker's `FetchEvent` that is used. */
export interface FetchEventLike extends Keeper {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
