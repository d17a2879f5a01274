/** Flags of a snapshot: does a decision cost more for those that nobody asked for? */
import assert from "node:assert/strict";
import { assertShare } from "../../expected.mjs";
import { createVisitors, mixed, rollout, snapshotOf } from "../../workload.mjs";
import { BATCH, FEW, MANY, decisions } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

/** Ids in a list; three flags in ten have one: 1.4 MB for a thousand flags. */
const LIST = 100;
/** Read in a round of `evaluateAll`. */
const VALUES = 10_000;

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Flags in the snapshot",
  variable: "flags",
  sizes: [10, 100, 1_000, 10_000],
  shown: {
    same: { label: "a decision, always of the same flag", rounds: MANY },
    other: { label: "a decision, each time of another flag", rounds: MANY },
    all: { label: "evaluateAll, every value read", rounds: MANY },
    load: { label: "load", rounds: FEW },
  },
  async create(size) {
    const definitions = [rollout, ...mixed(size - 1, LIST)];
    const { engine, bytes, load } = await engineWith(snapshotOf(definitions));
    const keys = definitions.map(({ key }) => key);
    const crowd = createVisitors(BATCH);
    const contexts = () => crowd.batch(0, BATCH).map(({ id, ...visitor }) => ({ userId: id, ...visitor }));
    const operations = {
      same: decisions(contexts, (context) => engine.isEnabled(rollout.key, context), assertQuarter),
      other: others(engine, keys, contexts),
      all: all(engine, contexts()[0], size),
      load,
    };
    return { facts: { snapshotBytes: bytes.length }, operations };
  },
};

const assertQuarter = (count) => assertShare(count, BATCH, rollout.percentage / 100, "in");

/** @returns {import("../operation.mjs").Operation} */
function others(engine, keys, contexts) {
  let flag = 0;
  const run = (given) => {
    let decided = 0;
    for (let i = 0; i < given.length; i++) {
      if (engine.evaluate(keys[flag], given[i]).errorCode === undefined) decided++;
      flag = flag + 1 === keys.length ? 0 : flag + 1;
    }
    return decided;
  };
  return { count: BATCH, input: contexts, run, check: (decided) => assert.equal(decided, BATCH) };
}

/** @returns {import("../operation.mjs").Operation} */
function all(engine, context, size) {
  const calls = Math.max(1, VALUES / size);
  const run = () => {
    let values = 0;
    for (let i = 0; i < calls; i++)
      for (const [, evaluation] of engine.evaluateAll(context)) if (evaluation.value !== null) values++;
    return values;
  };
  return { count: calls, input: () => undefined, run, check: (values) => assert.equal(values, calls * size) };
}
