/** What both contenders must answer, whichever way they hash: who is listed, who fails a rule, and how many of the others are in. */
import assert from "node:assert/strict";
import { assertShare } from "../expected.mjs";
import { passes } from "../workload.mjs";

/** @typedef {import("../workload.mjs").Definition} Definition */
/** @typedef {import("../workload.mjs").Visitor} Visitor */

/** @param {any[][]} answers - by visitor, then by flag. @param {Definition[]} definitions @param {Visitor[]} visitors */
export function assertAnswers(answers, definitions, visitors) {
  definitions.forEach((definition, place) => {
    const column = visitors.map((visitor, row) => ({ visitor, value: JSON.stringify(answers[row][place]) }));
    assertFlag(definition, column);
  });
}

/** @param {Definition} definition @param {{ visitor: Visitor, value: string }[]} column */
function assertFlag({ key, listed, rule, variants, on, off, percentage, split }, column) {
  const [onText, offText] = [JSON.stringify(variants[on]), JSON.stringify(variants[off])];
  const isListed = new Set(listed);
  const drawn = column.filter(({ visitor }) => !isListed.has(visitor.id) && (rule === null || passes(rule, visitor)));
  for (const { visitor, value } of column) {
    if (isListed.has(visitor.id)) assert.equal(value, onText, `${key} for ${visitor.id}, who is listed`);
    else if (rule !== null && !passes(rule, visitor)) assert.equal(value, offText, `${key} for ${visitor.id}`);
  }
  assertShare(drawn.filter(({ value }) => value !== offText).length, drawn.length, percentage / 100, key);
  for (const { variant, weight } of split ?? []) {
    const count = drawn.filter(({ value }) => value === JSON.stringify(variants[variant])).length;
    assertShare(count, drawn.length, ((percentage / 100) * weight) / 100, `${key}: ${variant}`);
  }
}
