/**
 * What is timed: `count` operations a round, over what `input` made untimed; `check` judges the answer, in every round.
 * @typedef {{ count: number, input: () => any, run: (given: any) => any, check: (answer: any) => void }} Operation
 *
 * One size of a series: what is timed by name, and what else is known.
 * @typedef {{ facts: Record<string, number>, operations: Record<string, Operation> }} Subject
 *
 * How an operation of a series is shown; loads take long enough to be measured in few rounds.
 * @typedef {{ label: string, rounds: number }} Shown
 *
 * What grows, how far, and what is measured meanwhile.
 * @typedef {object} Series
 * @property {string} title
 * @property {string} variable
 * @property {number[]} sizes
 * @property {Record<string, Shown>} shown
 * @property {(size: number) => Promise<Subject>} create
 */

/** Few enough that the garbage collector finds no ids to move in the middle of a round. */
export const BATCH = 2_000;
/** Rounds of decisions, and of what takes a thousand times as long. */
export const MANY = 25;
export const FEW = 7;

/**
 * Decisions of a batch of contexts; the answer is how many were true.
 * @param {() => object[]} contexts @param {(context: any) => boolean} ask @param {(count: number) => void} check
 * @returns {Operation}
 */
export function decisions(contexts, ask, check) {
  const run = (/** @type {object[]} */ given) => {
    let count = 0;
    for (let i = 0; i < given.length; i++) if (ask(given[i])) count++;
    return count;
  };
  return { count: BATCH, input: contexts, run, check };
}
