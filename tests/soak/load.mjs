/** An open loop: requests leave at a fixed rate, whether those before were answered or not. */
import { once } from "node:events";
import { Agent, request } from "node:http";

/** A tick of the loop, in milliseconds. */
const TICK_MS = 10;
/** Longer than the slowest origin and its time limit together: what takes longer was not answered. */
const PATIENCE_MS = 30_000;

/**
 * `isWhole` is false where the body broke off; `status` is 0 where there was no answer at all, and `error` says why.
 * @typedef {{ status: number, headers: import("node:http").IncomingHttpHeaders, text: string, isWhole: boolean, error: string,
 *   tookMs: number }} Answer
 * @typedef {import("./visitors.mjs").Ask} Ask
 */

// Shorter than what workerd leaves idle connections open for, so that none is taken that it is about to close.
const agent = new Agent({ keepAlive: true, timeout: 2_000 });

/**
 * @param {number} rate - requests a second.
 * @param {(dueAt: number) => Promise<void>} visit - one request, which rejects for nothing.
 */
export function startLoad(rate, visit) {
  const startedAt = performance.now();
  /** @type {Set<Promise<void>>} */
  const underWay = new Set();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * rate) / 1_000);
    for (; sent < due; sent++) {
      const visiting = visit(startedAt + (sent * 1_000) / rate).finally(() => underWay.delete(visiting));
      underWay.add(visiting);
    }
  }, TICK_MS);
  return {
    /** No more are sent; those under way are waited for. */
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      agent.destroy();
    },
  };
}

/**
 * Asked once more where workerd closed an idle connection just as it was taken, which is no answer of a worker's: while this process
 * has no time, it can't close them first.
 * @param {string} url @param {Ask} ask @returns {Promise<Answer>}
 */
export async function answerOf(url, ask) {
  const { isLost, ...answer } = await attempt(url, ask, agent);
  return isLost ? attempt(url, ask, false) : answer;
}

/** @param {string} url @param {Ask} ask @param {Agent | false} through */
async function attempt(url, { method, path, headers, body }, through) {
  const length = body === "" ? {} : { "content-length": String(body.length) };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const sent = request(url + path, { agent: through, method, headers: { ...headers, ...length }, signal });
  const sentAt = performance.now();
  sent.end(body);
  try {
    const [response] = await once(sent, "response");
    const { statusCode: status, headers } = response;
    const read = await bodyOf(response);
    return { status, headers, error: "", tookMs: performance.now() - sentAt, ...read, isLost: false };
  } catch (error) {
    const isLost = sent.reusedSocket && !signal.aborted;
    const tookMs = performance.now() - sentAt;
    return { status: 0, headers: {}, text: "", isWhole: false, error: String(error), tookMs, isLost };
  }
}

/** @param {import("node:http").IncomingMessage} response */
async function bodyOf(response) {
  let text = "";
  try {
    for await (const chunk of response.setEncoding("latin1")) text += chunk;
    return { text, isWhole: true };
  } catch {
    return { text, isWhole: false };
  }
}
