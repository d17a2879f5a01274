/** Bytes of a snapshot, up to 32 MB: what a load takes beside JSON.parse, and what it leaves in wasm memory. */
import assert from "node:assert/strict";
import { assertShare } from "../../expected.mjs";
import { wasmBytes } from "../../memory/heap.mjs";
import { createVisitors, mixed, rollout, snapshotOf } from "../../workload.mjs";
import { BATCH, FEW, MANY, decisions } from "../operation.mjs";
import { engineWith } from "../snapshot.mjs";

/** So that a thousandth of all flags that a snapshot may have weighs a thousandth of 32 MB. */
const FLAGS_A_MEGABYTE = 312;
const LIST = 245;

/** @type {import("../operation.mjs").Series} */
export default {
  title: "Bytes of the snapshot",
  variable: "MB",
  sizes: [1, 2, 4, 8, 16, 32],
  shown: {
    decision: { label: "a decision", rounds: MANY },
    load: { label: "load", rounds: FEW },
    parse: { label: "JSON.parse of the same bytes", rounds: FEW },
  },
  async create(size) {
    const definitions = [rollout, ...mixed(size * FLAGS_A_MEGABYTE - 1, LIST)];
    const { engine, bytes, load } = await engineWith(snapshotOf(definitions));
    const first = wasmBytes();
    for (let i = 0; i < FEW; i++) load.check(load.run(load.input()));
    const operations = { decision: deciding(engine), load, parse: parsing(bytes, definitions.length) };
    return { facts: { snapshotBytes: bytes.length, wasmFirst: first, wasmReloaded: wasmBytes() }, operations };
  },
};

function deciding(engine) {
  const crowd = createVisitors(BATCH);
  const contexts = () => crowd.ids(0, BATCH).map((id) => ({ userId: id }));
  const check = (count) => assertShare(count, BATCH, rollout.percentage / 100, "in");
  return decisions(contexts, (context) => engine.isEnabled(rollout.key, context), check);
}

/** @param {Buffer} bytes @param {number} flags */
const parsing = (bytes, flags) => ({
  count: 1,
  input: () => bytes,
  run: (given) => JSON.parse(given.toString()),
  check: (snapshot) => assert.equal(Object.keys(snapshot.flags).length, flags),
});
