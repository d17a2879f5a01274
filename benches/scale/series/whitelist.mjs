/** Ids in one flag's list: does a decision cost more in a long one? */
import assert from "node:assert/strict";
import { assertShare } from "../../expected.mjs";
import { createVisitors, rollout, snapshotOf, withList } from "../../workload.mjs";
import { BATCH, FEW, MANY, decisions } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Ids in a whitelist",
  variable: "listed ids",
  sizes: [10, 100, 1_000, 10_000, 100_000, 1_000_000],
  shown: {
    listed: { label: "a decision, of a listed visitor", rounds: MANY },
    unlisted: { label: "a decision, of another visitor", rounds: MANY },
    load: { label: "load", rounds: FEW },
  },
  async create(size) {
    const crowd = createVisitors(size + BATCH);
    const { engine, bytes, load } = await engineWith(snapshotOf([withList(crowd.ids(0, size))]));
    const ask = (context) => engine.isEnabled(rollout.key, context);
    const operations = {
      listed: decisions(listedOf(crowd, size), ask, (count) => assert.equal(count, BATCH)),
      unlisted: decisions(() => byId(crowd.ids(size, size + BATCH)), ask, assertQuarter),
      load,
    };
    return { facts: { snapshotBytes: bytes.length }, operations };
  },
};

const byId = (ids) => ids.map((id) => ({ userId: id }));
const assertQuarter = (count) => assertShare(count, BATCH, rollout.percentage / 100, "in");

/** A batch from all over the list; a short one again and again, each time as new strings. */
function listedOf(crowd, size) {
  const step = Math.max(1, size / BATCH);
  const times = Math.max(1, BATCH / size);
  return () => byId(Array.from({ length: times }, () => crowd.ids(0, size, step)).flat());
}
