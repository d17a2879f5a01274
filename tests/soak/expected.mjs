/** What a visitor is to get, by the contract's order of one evaluation and an XXH64 that is none of this project's. */
import { pointOf } from "../../www/test/reference.mjs";
import { ARMS, LISTED, settingsAt } from "./snapshots.mjs";

/**
 * Who asks, and by what they are known: the unit is `uid`, or else `vid`.
 * @typedef {{ uid?: string, vid?: string, plan?: string, override?: string }} Visitor
 * @typedef {{ backend: string, variant: string, reason: string, detail: string, fallback: boolean, fault?: string }} Decision
 */

/** @param {number} share */
const cut = (share) => Math.floor(share * 2 ** 32 + 0.5);

/** @type {Record<string, { backends: Record<string, string>, decide: (revision: number, visitor: Visitor) => Partial<Decision> }>} */
const ROUTES = {
  shop: { backends: { on: "canary", off: "stable" }, decide: checkout },
  chaos: { backends: { on: "canary", off: "stable" }, decide: checkout },
  split: { backends: { a: "stable", b: "canary", c: "fresh" }, decide: split },
  guarded: { backends: { on: "fresh", off: "stable" }, decide: (_, visitor) => drawn("release", 50, visitor) },
  faulty: { backends: { on: "flaky", off: "stable" }, decide: (_, visitor) => drawn("risky", 50, visitor) },
};

/**
 * The decision of a route by a revision; of a guarded one while nothing is rolled back.
 * @param {string} route
 * @param {number} revision
 * @param {Visitor} visitor
 * @returns {Decision}
 */
export function expectedOf(route, revision, visitor) {
  const { backends, decide } = ROUTES[route] ?? {};
  const decided = decide?.(revision, visitor) ?? {};
  const { variant = "", reason = "", detail = "" } = decided;
  const fallback = reason === "ERROR";
  const fault = route === "chaos" ? faultOf(revision, visitor) : undefined;
  const backend = fallback ? "stable" : (backends?.[variant] ?? "");
  return { backend, variant, reason, detail, fallback, ...(fault === undefined ? {} : { fault }) };
}

/** @param {number} revision @param {Visitor} visitor */
function checkout(revision, visitor) {
  const { enabled, percentage, isRuled } = settingsAt(revision);
  const { uid = "", vid = "", plan, override } = visitor;
  if (!enabled) return { variant: "off", reason: "DISABLED", detail: "disabled" };
  if (override !== undefined) return { variant: override, reason: "TARGETING_MATCH", detail: "override" };
  if (LISTED.includes(uid) || LISTED.includes(vid)) {
    return { variant: "on", reason: "TARGETING_MATCH", detail: "whitelist" };
  }
  if (isRuled && (plan === "pro" || uid.endsWith("-staff"))) {
    return { variant: "on", reason: "TARGETING_MATCH", detail: "rule" };
  }
  return drawn("checkout", percentage, visitor);
}

/** @param {string} flag @param {number} percentage @param {Visitor} visitor */
function drawn(flag, percentage, { uid, vid }) {
  const unit = uid ?? vid;
  const isNeeded = percentage > 0 && percentage < 100;
  if (unit === undefined && isNeeded) return { variant: "off", reason: "ERROR", detail: "TARGETING_KEY_MISSING" };
  const isIn = isNeeded ? pointOf(unit ?? "", flag) < cut(percentage / 100) : percentage === 100;
  return { variant: isIn ? "on" : "off", reason: "SPLIT", detail: "rollout" };
}

/** @param {number} revision @param {Visitor} visitor */
function split(revision, { uid, vid }) {
  const { weights, splitPercentage } = settingsAt(revision);
  const point = pointOf(uid ?? vid ?? "", "split");
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const starts = weights.map((_, arm) => weights.slice(0, arm).reduce((sum, weight) => sum + weight, 0));
  const arm = weights.findIndex((weight, at) => {
    const start = starts[at] ?? 0;
    return point >= cut(start / whole) && point < cut((start + (splitPercentage / 100) * weight) / whole);
  });
  return { variant: ARMS[arm] ?? "c", reason: "SPLIT", detail: "rollout" };
}

/** The first that hits. @param {number} revision @param {Visitor} visitor */
function faultOf(revision, { uid, vid }) {
  const unit = uid ?? vid;
  if (!settingsAt(revision).faultsEnabled || unit === undefined) return undefined;
  if (pointOf(unit, "chaos/abort", "X") < cut(0.1)) return "abort";
  return pointOf(unit, "chaos/slow", "X") < cut(0.2) ? "slow" : undefined;
}
