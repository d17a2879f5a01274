/** Rules of one flag, at their worst: each is tried, and the last one holds. */
import assert from "node:assert/strict";
import { createVisitors } from "../../workload.mjs";
import { BATCH, MANY, decisions } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

const KEY = "by-team";

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Rules of a flag",
  variable: "rules",
  sizes: [1, 3, 10, 30, 100],
  shown: { last: { label: "a decision, by the last rule", rounds: MANY } },
  async create(size) {
    const rules = Array.from({ length: size }, (_, place) => ruleFor(`team-${place}`));
    const { engine, bytes } = await engineWith({ flags: { [KEY]: { enabled: true, rules, rolloutPercentage: 0 } } });
    const crowd = createVisitors(BATCH);
    const contexts = () => crowd.ids(0, BATCH).map((id) => ({ userId: id, team: `team-${size - 1}` }));
    assert.equal(engine.evaluate(KEY, contexts()[0]).rule?.index, size - 1);
    const last = decisions(
      contexts,
      (context) => engine.isEnabled(KEY, context),
      (count) => assert.equal(count, BATCH),
    );
    return { facts: { snapshotBytes: bytes.length }, operations: { last } };
  },
};

const ruleFor = (team) => ({ if: { attribute: "team", op: "in", values: [team] }, serve: "on" });
