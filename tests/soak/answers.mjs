/** Whether one answer is the one that a decision leads to: who gave it, its status, its body. */
import { bodyOf } from "./origins.mjs";
import { BACKEND_TIMEOUT_MS } from "./snapshots.mjs";

/**
 * @typedef {import("./load.mjs").Answer} Answer
 * @typedef {import("./visitors.mjs").Ask} Ask
 * @typedef {{ status: number, origin?: string, body?: "whole" | "half" | "broken" }} Outcome - no origin: the router's own answer.
 */

/** How each trouble of an origin shows to a `GET`, where the router can't help it. @type {Record<string, Outcome>} */
const SHOWN = {
  stall: { status: 504 },
  error: { status: 503, origin: "flaky", body: "whole" },
  "too-short": { status: 200, origin: "flaky", body: "broken" },
  "too-long": { status: 200, origin: "flaky", body: "half" },
  "broken-off": { status: 200, origin: "flaky", body: "broken" },
};

/** Where there is no answer: what may be asked twice goes to the fallback. */
const UNCONNECTED = ["reset", "garbage"];

/**
 * What is to come of a decision, and whether it is the fallback's.
 * @param {Ask} ask
 * @param {import("./expected.mjs").Decision} decision
 * @param {Answer} answer
 * @returns {{ outcome: Outcome, isRetried: boolean }}
 */
export function outcomeOf({ kind, method }, { backend, fault }, { status, tookMs }) {
  if (fault === "abort") return { outcome: { status: 503 }, isRetried: false };
  // On a machine that is too busy any origin is late, and is then said to be.
  const isLate = backend === "flaky" && status === 504 && tookMs >= BACKEND_TIMEOUT_MS;
  if (isLate) return { outcome: { status: 504 }, isRetried: false };
  const isLost = backend === "flaky" && UNCONNECTED.includes(kind);
  if (isLost && method !== "GET") return { outcome: { status: 502 }, isRetried: false };
  if (isLost) return { outcome: { status: 200, origin: "stable", body: "whole" }, isRetried: true };
  const shown = backend === "flaky" ? SHOWN[kind] : undefined;
  return { outcome: shown ?? { status: 200, origin: backend, body: "whole" }, isRetried: false };
}

/**
 * What is wrong with an answer, or null.
 * @param {Answer} answer @param {Outcome} outcome @param {string} id - of the request, which the origin repeats.
 */
export function flawOf(answer, { status, origin, body }, id) {
  const { headers, text, isWhole } = answer;
  // The one that breaks on purpose says so itself.
  const isBreaking = origin === "fresh" && answer.status === 503;
  if (answer.status !== status && !isBreaking) return `status ${answer.status} in place of ${status}`;
  if (headers["x-origin"] !== origin) return `by ${headers["x-origin"]} in place of ${origin}`;
  if (origin === undefined) return isWhole ? null : "the router's own answer broke off";
  const whole = bodyOf(origin, id);
  if (body === "broken") return !isWhole && whole.startsWith(text) ? null : "a part was given as if it were the whole";
  if (!isWhole) return "the body broke off";
  return text === (body === "half" ? whole.slice(0, whole.length / 2) : whole) ? null : "another body";
}
