/** What must hold of every answer, and which of it did not. */
import { parseDictionary } from "../runtimes/router/dictionary.mjs";
import { flawOf, outcomeOf } from "./answers.mjs";
import { expectedOf } from "./expected.mjs";

/** Breaches told in full; the rest is counted. */
const TOLD = 20;
/** Visitors whose last variant is remembered, so that a flip within one revision shows. */
const REMEMBERED = 50_000;

/**
 * @typedef {import("./load.mjs").Answer} Answer
 * @typedef {import("./visitors.mjs").Ask} Ask
 * @typedef {import("./visitors.mjs").Visitor} Visitor
 * @typedef {{ revision: number, route: string, backend: string, variant: string, reason: string, detail: string, fallback: boolean,
 *   fault?: string }} Told - by the debug header.
 */

/** Breaches of laws, by law. */
export function createBreaches() {
  /** @type {Record<string, number>} */
  const counts = {};
  /** @type {string[]} */
  const told = [];
  return {
    counts,
    told,
    /** @param {string} law @param {string} what */
    add(law, what) {
      counts[law] = (counts[law] ?? 0) + 1;
      if (told.length < TOLD) told.push(`${law}: ${what}`);
    },
  };
}

/**
 * @param {ReturnType<typeof createBreaches>} breaches
 * @param {{ judge: (told: Told, isDrawnIn: boolean, sentAt: number) => string | null }} story - of the guard.
 * @param {(id: string) => void} onMinted
 */
export function createLaws(breaches, story, onMinted) {
  /** The latest that was seen in force: none of those before can come back. */
  let inForce = 0;
  /** The latest that the worker was given. */
  let given = 0;
  /** @type {Map<string, { revision: number, variant: string }>} */
  const last = new Map();

  /** @param {Told} told @param {Visitor} visitor */
  function isFlipped({ route, revision, variant, detail }, { uid, vid, plan, override }) {
    if (detail === "rollback" || (uid ?? vid) === undefined) return false;
    const who = [route, uid, vid, plan, override].join();
    const before = last.get(who);
    if (last.size > REMEMBERED) last.clear();
    last.set(who, { revision, variant });
    return before?.revision === revision && before.variant !== variant;
  }

  /** @param {Ask} ask @param {Answer} answer @param {number} since - what was in force when it was sent. @param {number} sentAt */
  function judge(ask, answer, since, sentAt) {
    const told = toldBy(answer);
    if (ask.route === "none") return answer.status === 404 && told === null ? null : "what no route matches";
    if (told === null) return `undecided: ${answer.status}`;
    if (told.revision < since || told.revision > given) {
      return `revision ${told.revision}, when ${since} to ${given} were in force`;
    }
    inForce = Math.max(inForce, told.revision);
    if (ask.visitor === null) return null;
    const minted = mintedBy(answer);
    if ((minted !== undefined) !== isToBeMinted(ask))
      return minted === undefined ? "no id was minted" : "an id was minted";
    if (minted !== undefined) onMinted(minted);
    const visitor = minted === undefined ? ask.visitor : { ...ask.visitor, vid: minted };
    if (isFlipped(told, visitor)) return `flipped to ${told.variant} within revision ${told.revision}`;
    const decision = expectedOf(ask.route, told.revision, visitor);
    if (ask.route !== "guarded") return wrongIn(ask, answer, told, decision);
    const trouble = story.judge(told, decision.variant === "on", sentAt);
    const isWithdrawn = told.detail === "rollback" && decision.variant === "on";
    return trouble ?? wrongIn(ask, answer, told, isWithdrawn ? WITHDRAWN : decision);
  }

  return {
    inForce: () => inForce,
    /** The worker was given a revision. @param {number} revision */
    give: (revision) => void (given = Math.max(given, revision)),
    /** The worker has shown that it holds a revision whole: it is in force, or a later one is. @param {number} revision */
    held: (revision) => void (inForce = Math.max(inForce, revision)),
    /** @param {Ask} ask @param {Answer} answer @param {number} since @param {number} sentAt */
    check(ask, answer, since, sentAt) {
      const shown = `${ask.method} ${ask.path} ${JSON.stringify(ask.headers).slice(0, 200)}: ${answer.headers.pointsman ?? ""}`;
      if (answer.status === 0) return breaches.add("answered", `${shown}${answer.error}`);
      const wrong = judge(ask, answer, since, sentAt);
      if (wrong !== null)
        breaches.add(answer.status >= 500 ? "no errors of its own" : "decided right", `${wrong}; ${shown}`);
    },
  };
}

const WITHDRAWN = { backend: "stable", variant: "off", reason: "DEFAULT", detail: "rollback", fallback: false };

/** @param {Answer} answer @returns {Told | null} */
function toldBy({ headers }) {
  if (typeof headers.pointsman !== "string") return null;
  const { reason, detail, ...rest } = parseDictionary(headers.pointsman);
  return /** @type {Told} */ ({ ...rest, reason: reason?.token, detail: detail?.token });
}

/** The route `shop` keeps an id in a cookie, for who has none, but not for what a page loads beside it. @param {Ask} ask */
function isToBeMinted({ route, headers, visitor }) {
  return route === "shop" && visitor?.vid === undefined && headers["sec-fetch-mode"] !== "no-cors";
}

/** The id in a new cookie. @param {Answer} answer */
function mintedBy({ headers }) {
  return /^vid=([\w-]{36});/.exec(headers["set-cookie"]?.[0] ?? "")?.[1];
}

/** @param {Ask} ask @param {Answer} answer @param {Told} told @param {import("./expected.mjs").Decision} decision */
function wrongIn(ask, answer, told, decision) {
  const { outcome, isRetried } = outcomeOf(ask, decision, answer);
  const expected = isRetried ? { ...decision, backend: "stable", fallback: true } : decision;
  const members = /** @type {const} */ (["variant", "reason", "detail", "backend", "fallback", "fault"]);
  const wrong = members.find((member) => told[member] !== expected[member]);
  if (wrong !== undefined) return `${wrong} ${told[wrong]} in place of ${expected[wrong]}`;
  const [, , , id = ""] = ask.path.split("/");
  return flawOf(answer, outcome, id);
}
