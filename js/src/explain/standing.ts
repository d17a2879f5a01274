import type { Directive, Grounds, Standing } from "../types.js";

const LACKS: { readonly [lack in NonNullable<Standing["lack"]>]: string } = {
  requests: "too few requests",
  power: "too few requests to rule out a breach of five times the limit",
  stale: "the newest report is older than three slots",
  control: "the control has no requests to compare with",
  volume: "less than half of the requests that the control's let expect",
};

/**
 * How a variant stands, in words, times in UTC. The native `Standing` shows the same text.
 *
 * @example
 * engine.judge().map(standingText);
 * // ["checkout on: breach: since 12:03:20, 31 of 402 failed, limit 1 %; control 2 of 7,911"]
 */
export function standingText({ flag, variant, state, lack, evidence }: Standing): string {
  const parts = [`${flag} ${variant}`, state, lack && LACKS[lack], evidence && groundsText(evidence)];
  return parts.filter((part) => part !== undefined).join(": ");
}

/** What a directive orders and why, in words: `rollback of checkout on: since 12:03:20, 31 of 402 failed, limit 1 %`. */
export function directiveText({ flag, variant, action, evidence }: Directive): string {
  const grounds = evidence === undefined ? "" : `: ${groundsText(evidence)}`;
  return `${action} of ${flag} ${variant}${grounds}`;
}

function groundsText(grounds: Grounds): string {
  const { since, failed, requests, controlFailed, controlRequests } = grounds;
  const control = controlRequests === 0 ? "" : `; control ${grouped(controlFailed)} of ${grouped(controlRequests)}`;
  return `since ${timeOfDay(since)}, ${grouped(failed)} of ${grouped(requests)} ${limitText(grounds)}${control}`;
}

function limitText({ condition, limit, edgeMs }: Grounds): string {
  const percent = rounded(limit * 100);
  switch (condition) {
    case "errorRate.max":
      return `failed, limit ${percent} %`;
    case "errorRate.overControl":
      return `failed, limit ${percent} % more than the control`;
    case "latency.max":
      return `took longer than ${rounded(edgeMs)} ms, limit ${percent} %`;
    case "latency.overControl":
      return `took ${rounded(edgeMs)} ms or longer, limit ${rounded(limit)} times the control's latency`;
  }
}

/** To the fourth decimal. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** `7,911`. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `12:03:20`, UTC. */
function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
