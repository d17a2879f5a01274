/** Attributes of a context: those that a flag asks for are read and packed, the others are not looked at. */
import assert from "node:assert/strict";
import { createVisitors } from "../../workload.mjs";
import { BATCH, MANY, decisions } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Attributes of a context",
  variable: "attributes",
  sizes: [1, 3, 10, 30, 100],
  shown: {
    every: { label: "a decision that asks for all of them", rounds: MANY },
    first: { label: "a decision that asks for one of them", rounds: MANY },
  },
  async create(size) {
    const names = Array.from({ length: size }, (_, place) => `attribute${place}`);
    const flags = { every: flagOn(names), first: flagOn(names.slice(0, 1)) };
    const { engine, bytes } = await engineWith({ flags });
    const attributes = Object.fromEntries(names.map((name) => [name, "as expected"]));
    const crowd = createVisitors(BATCH);
    const contexts = () => crowd.ids(0, BATCH).map((id) => ({ userId: id, ...attributes }));
    assertAsked(engine, names);
    return {
      facts: { snapshotBytes: bytes.length },
      operations: { every: asking(engine, contexts, "every"), first: asking(engine, contexts, "first") },
    };
  },
};

const flagOn = (names) => ({
  enabled: true,
  rules: [{ if: { all: names.map((name) => ({ attribute: name, op: "in", values: ["as expected"] })) }, serve: "on" }],
  rolloutPercentage: 0,
});

/** Without any one of its attributes the flag is off: it does ask for all of them. */
function assertAsked(engine, names) {
  const context = Object.fromEntries(names.map((name) => [name, "as expected"]));
  for (const name of names) assert.equal(engine.isEnabled("every", { ...context, [name]: undefined }), false);
}

const asking = (engine, contexts, key) =>
  decisions(
    contexts,
    (context) => engine.isEnabled(key, context),
    (count) => assert.equal(count, BATCH),
  );
