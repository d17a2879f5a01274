/** What happens to the guarded canary, once a minute: it is sound, it breaks, it is mended, and a new generation lets it in again. */
import { WINDOW_S } from "./snapshots.mjs";

/** When, in seconds of a cycle. */
const BREAKS_S = 20;
const MENDED_S = 44;
const STORE_DOWN_S = 46;
const STORE_UP_S = 54;
export const CYCLE_S = 60;
/** A guard may take its window, and the isolate its next report. */
const VERDICT_S = WINDOW_S + 2;

/** @typedef {{ brokenAt: number, rolledBackAt: number, missed: boolean }} Generation - times by `performance.now()`, or infinite. */

/**
 * @param {{ publish: () => void, breakFresh: (fails: boolean) => void, fail: (down: boolean) => void,
 *   ordered: () => Promise<string[]>, breach: (law: string, what: string) => void }} world
 */
export function createStory({ publish, breakFresh, fail, ordered, breach }) {
  /** @type {Map<number, Generation>} */
  const generations = new Map();
  /** Of each revision that was published. @type {Map<number, number>} */
  const generationAt = new Map();
  /** @type {NodeJS.Timeout[]} */
  let timers = [];
  let generation = 0;

  const now = () => generations.get(generation);

  function begin() {
    generations.set(++generation, { brokenAt: Infinity, rolledBackAt: Infinity, missed: false });
    if (generation > 1) publish();
  }

  function breaks() {
    breakFresh(true);
    const current = now();
    if (current !== undefined) current.brokenAt = performance.now();
  }

  async function mended() {
    breakFresh(false);
    const orders = await ordered();
    if (orders.join() !== `release on rollback ${generation}`) {
      breach("guards", `generation ${generation}: the coordinator's orders are ${JSON.stringify(orders)}`);
    }
    if (now()?.rolledBackAt === Infinity) breach("guards", `generation ${generation} broke, and was not rolled back`);
  }

  /** @param {number} seconds @param {() => unknown} what */
  const at = (seconds, what) => timers.push(setTimeout(what, seconds * 1_000));

  function cycle() {
    timers = [];
    at(BREAKS_S, breaks);
    at(MENDED_S, mended);
    at(STORE_DOWN_S, () => fail(true));
    at(STORE_UP_S, () => fail(false));
    at(CYCLE_S, () => (begin(), cycle()));
  }

  begin();
  return {
    start: cycle,
    stop() {
      timers.forEach(clearTimeout);
      breakFresh(false);
      fail(false);
    },
    generation: () => generation,
    /** What is published under a revision has this generation. @param {number} revision */
    published: (revision) => void generationAt.set(revision, generation),
    /** How many generations broke and were rolled back, and after how many seconds. */
    verdicts: () =>
      [...generations.values()]
        .filter(({ rolledBackAt }) => rolledBackAt < Infinity)
        .map(({ brokenAt, rolledBackAt }) => (rolledBackAt - brokenAt) / 1_000),
    /**
     * What is wrong with a guarded decision, or null.
     * @param {import("./laws.mjs").Told} told
     * @param {boolean} isDrawnIn - whether the rollout, left alone, would have given the visitor the canary.
     * @param {number} sentAt
     */
    judge({ revision, detail }, isDrawnIn, sentAt) {
      const number = generationAt.get(revision) ?? 0;
      const current = generations.get(number);
      if (current === undefined) return `there is no generation of revision ${revision}`;
      if (detail === "rollback") {
        if (current.brokenAt === Infinity) return `generation ${number} was rolled back, and is sound`;
        current.rolledBackAt = Math.min(current.rolledBackAt, performance.now());
        return null;
      }
      if (!isDrawnIn) return null;
      if (sentAt > current.rolledBackAt) return `generation ${number} came back`;
      const isLate = sentAt > current.brokenAt + VERDICT_S * 1_000;
      return isLate ? `generation ${number} is broken, and still in use` : null;
    },
  };
}
