import { within } from "../source/within.js";
import type { Exposure } from "./exposure.js";

/**
 * Hands a batch over to whoever counts. What it rejects with is tried again, but for a `PermanentError`.
 * @param signal - aborts when the batch is given up.
 */
export type Send = (batch: readonly Exposure[], signal: AbortSignal) => unknown;

/** What a sender rejects with when trying again is of no use. */
export class PermanentError extends Error {
  override readonly name = "PermanentError";
}

/** With the waits between them and the default timeout, 18 seconds at most: workerd keeps work for 30 after the response. */
const ATTEMPTS = 3;

/** The longest wait before the second attempt, in milliseconds; twice that before the third. */
const BACKOFF = 1_000;

/**
 * Sends a batch, up to three times.
 * @param timeout - when an attempt is given up, in milliseconds.
 * @throws what the last attempt was rejected with.
 */
export async function deliver(send: Send, batch: readonly Exposure[], timeout: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await attemptOnce(send, batch, timeout);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || error instanceof PermanentError) throw error;
      await rest(backoff(attempt));
    }
  }
}

async function attemptOnce(send: Send, batch: readonly Exposure[], timeout: number): Promise<void> {
  const stop = new AbortController();
  try {
    await within(Promise.resolve(send(batch, stop.signal)), timeout, "sending exposures");
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** Anywhere in the upper half, so that isolates that failed together don't come back together. */
function backoff(attempt: number): number {
  return BACKOFF * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
