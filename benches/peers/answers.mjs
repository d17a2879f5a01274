/** Whether a contender answers as the definitions say, known from the data alone. */
import assert from "node:assert/strict";
import { passes } from "../workload.mjs";

/** Shares may be off by so many standard deviations: by chance once in two million times. */
const DEVIATIONS = 5;

/**
 * Who is listed has the on value, who fails the rule the off value, and the others have each value as often as they should.
 * @param {(visitor: import("../workload.mjs").Visitor) => Promise<any[]>} ask - gives every flag's value, in the order of definitions
 * @param {import("../workload.mjs").Definition[]} definitions
 * @param {import("../workload.mjs").Visitor[]} visitors
 */
export async function assertAnswers(ask, definitions, visitors) {
  const tallies = definitions.map(() => new Map());
  const listed = definitions.map((definition) => new Set(definition.listed));
  for (const visitor of visitors) {
    (await ask(visitor)).forEach((value, at) => {
      const known = knownValue(definitions[at], listed[at], visitor);
      if (known === undefined) add(tallies[at], textOf(value), 1);
      else assert.deepEqual(value, known, `${definitions[at].key} for ${JSON.stringify(visitor)}`);
    });
  }
  definitions.forEach((definition, at) => assertShares(definition, tallies[at]));
}

/** What does not depend on a hash; undefined for the rest. */
function knownValue({ variants, on, off, rule, percentage, split }, listed, visitor) {
  if (listed.has(visitor.id)) return variants[on];
  if (rule !== null && !passes(rule, visitor)) return variants[off];
  return percentage === 100 && split === null ? variants[on] : undefined;
}

/** @param {import("../workload.mjs").Definition} definition @param {Map<string, number>} tally */
function assertShares(definition, tally) {
  const total = [...tally.values()].reduce((sum, count) => sum + count, 0);
  const shares = sharesOf(definition);
  for (const text of tally.keys()) assert.ok(shares.has(text), `${definition.key} has no value ${text}`);
  for (const [text, share] of shares) {
    const count = tally.get(text) ?? 0;
    const spread = DEVIATIONS * Math.sqrt(total * share * (1 - share));
    assert.ok(Math.abs(count - total * share) <= spread, `${definition.key}: ${count} of ${total} have ${text}`);
  }
}

/** How often each value should come, by the value's text. */
function sharesOf({ variants, on, off, percentage, split }) {
  const shares = new Map();
  const parts = split ?? [{ variant: on, weight: 1 }];
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  for (const { variant, weight } of parts)
    add(shares, textOf(variants[variant]), ((percentage / 100) * weight) / weights);
  add(shares, textOf(variants[off]), 1 - percentage / 100);
  return shares;
}

const textOf = (value) => JSON.stringify(value);
const add = (sums, key, number) => sums.set(key, (sums.get(key) ?? 0) + number);
