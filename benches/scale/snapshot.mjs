/** A snapshot as bytes, and its loads: each with the next revision, so that none is skipped as unchanged. */
import assert from "node:assert/strict";
import { createEngine } from "pointsman";

/** All revisions have seven digits, so that each can be written over the one before. */
const FIRST_REVISION = 1_000_000;
/** The most that an engine takes: the default is 8 MiB. */
const MAX_SNAPSHOT_BYTES = 64 << 20;

/** @param {object} parts - of the snapshot, without a revision. */
export async function engineWith(parts) {
  const text = JSON.stringify({ revision: FIRST_REVISION, ...parts });
  const bytes = Buffer.from(text);
  const at = text.indexOf(String(FIRST_REVISION));
  let revision = FIRST_REVISION;
  const next = () => bytes.subarray(0, bytes.write(String(++revision), at, "latin1") && bytes.length);
  const engine = await createEngine({ snapshot: bytes, maxSnapshotBytes: MAX_SNAPSHOT_BYTES });
  assert.deepEqual(engine.problems, []);
  return { engine, bytes, load: loading(engine, next) };
}

/** @param {import("pointsman").Engine} engine @param {() => Uint8Array} next */
function loading(engine, next) {
  return {
    count: 1,
    input: next,
    run: (/** @type {Uint8Array} */ bytes) => engine.load(bytes),
    check: ({ unchanged, added, removed, changed, problems }) =>
      assert.deepEqual([unchanged, added, removed, changed, problems], [false, [], [], [], []]),
  };
}
