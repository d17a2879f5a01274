import { PermanentError, type Send } from "./delivery.js";
import type { Exposure } from "./exposure.js";

/** How batches are posted. */
export interface SendToOptions {
  /** Request headers; `content-type` is `application/json` unless it is here. */
  readonly headers?: { readonly [name: string]: string };
  /** What a receiver wants to get: a text as it is, anything else as JSON. Default: the list of exposures. */
  readonly body?: (batch: readonly Exposure[]) => unknown;
}

/** A browser takes at most 64 KiB on requests that outlive their page, all together (Fetch standard, section 4.6). */
const KEEPALIVE_BYTES = 60_000;

/**
 * Posts batches to a URL. A request that a page has begun goes on when the page is left. Statuses 408, 429 and from 500 on are
 * tried again; others that are no success are permanent.
 */
export function sendTo(url: string, options: SendToOptions = {}): Send {
  const { headers = {}, body: shape = (batch: readonly Exposure[]) => batch } = options;
  return async (batch, signal) => {
    const shaped = shape(batch);
    const body = new TextEncoder().encode(typeof shaped === "string" ? shaped : JSON.stringify(shaped));
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
      signal,
      keepalive: body.length <= KEEPALIVE_BYTES,
    });
    await response.body?.cancel();
    refuse(response);
  };
}

function refuse({ ok, status }: Response): void {
  if (ok) return;
  const message = `the receiver of exposures answered with status ${status}`;
  throw status >= 500 || status === 408 || status === 429 ? new Error(message) : new PermanentError(message);
}
