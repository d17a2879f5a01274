/** What answers must be, known without asking an engine: who is listed, who fails a rule, and how many the others must be. */
import assert from "node:assert/strict";
import { passes, rollout, targeted } from "./workload.mjs";

/** One right answer in 1.7 million is further off. */
const DEVIATIONS = 5;

/**
 * Of so many visitors a share, within what chance allows.
 * @param {number} count @param {number} visitors @param {number} share @param {string} what
 */
export function assertShare(count, visitors, share, what) {
  const spread = DEVIATIONS * Math.sqrt(visitors * share * (1 - share));
  assert.ok(Math.abs(count - visitors * share) <= spread, `${what}: ${count} of ${visitors}, not ${share * 100} %`);
}

/**
 * W1 and W2: everybody listed is in, and a quarter of the others.
 * @param {boolean[]} answers @param {readonly boolean[]} listed
 */
export function assertRollout(answers, listed) {
  const others = answers.filter((_, place) => !listed[place]);
  assert.ok(answers.every((answer, place) => answer || !listed[place]));
  assertShare(others.filter(Boolean).length, others.length, rollout.percentage / 100, "visitors whom nobody listed");
}

/**
 * W3: whoever fails the rule gets the off variant's value, and nobody else does; those that it lets in are split.
 * @param {string[]} answers @param {import("./workload.mjs").Visitor[]} visitors
 */
export function assertTargeted(answers, visitors) {
  const { rule, split, variants, off } = targeted;
  if (rule === null || split === null) throw new TypeError("W3 has a rule and a split");
  const isIn = visitors.map((visitor) => passes(rule, visitor));
  assert.ok(answers.every((answer, place) => (answer !== variants[off]) === isIn[place]));
  const count = isIn.filter(Boolean).length;
  for (const { variant, weight } of split)
    assertShare(answers.filter((answer) => answer === variants[variant]).length, count, weight / 100, variant);
}
