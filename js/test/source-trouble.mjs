/** What a store may do to whoever follows it, and what must come of that: the same for each source. */
import assert from "node:assert/strict";
import { liveEngine } from "../dist/source.js";

/** @typedef {{ source: import("../dist/source.js").SnapshotSource, put: (stored: string | Uint8Array) => unknown }} Store */

const MINUTE = 60_000;
const snapshot = (/** @type {number} */ revision) => JSON.stringify({ revision, flags: { a: { enabled: true } } });

/** @type {[what: string, stored: string | Uint8Array, error: RegExp][]} */
export const GARBAGE = [
  ["HTML", "<!doctype html><title>503</title>", /NOT_JSON/],
  ["half a snapshot", snapshot(99).slice(0, -9), /NOT_JSON/],
  ["nothing", "", /NOT_JSON/],
  ["no object", "[1]", /WRONG_TYPE/],
  ["wrong UTF-8", new Uint8Array([...Buffer.from('{"flags":{"'), 0xff, ...Buffer.from('":{"enabled":true}}}')]), /not UTF-8/],
  ["too much", `${snapshot(99)}${" ".repeat(9 << 20)}`, /LIMIT_EXCEEDED|longer than/],
  ["an older revision", snapshot(1), /STALE_REVISION/],
  ["a schema from the future", '{"schema":99,"revision":99}', /schema/],
]; // prettier-ignore

/**
 * Follows a store through all of it: decisions keep coming from the last good snapshot, its age is told, and once the store is
 * well again, so is the engine.
 *
 * @param {typeof import("../dist/node.js").createEngine} createEngine
 * @param {Store} store
 * @param {[what: string, trouble: () => unknown, error: RegExp][]} troubles
 */
export async function followThrough(createEngine, { source, put }, troubles) {
  let now = 1_000 * MINUTE;
  /** @type {unknown} */
  let error;
  const clock = () => now;
  const create = (/** @type {any} */ first) => createEngine({ snapshot: first, clock });
  const live = liveEngine({
    source,
    create,
    clock,
    timeout: 1_000,
    onError: (trouble) => void (error = String(trouble)),
  });
  let revision = 10;
  await put(snapshot(revision));
  const engine = await live.get();
  for (const [what, trouble, expected] of troubles) {
    await trouble();
    now += MINUTE;
    error = undefined;
    await live.refresh();
    assert.match(String(error), expected, what);
    assert.deepEqual([engine.isEnabled("a", {}), engine.revision], [true, revision], what);
    assert.ok(Number(engine.age) >= MINUTE, `${what}: ${engine.age} ms`);
    await put(snapshot(++revision));
    assert.equal(await live.refresh(), true, what);
    assert.equal(engine.revision, revision, `${what}: not over`);
    assert.ok(Number(engine.age) < MINUTE, `${what}: ${engine.age} ms after it`);
  }
}

/**
 * @param {Store["put"]} put
 * @returns {(garbage: typeof GARBAGE[number]) => Parameters<typeof followThrough>[2][number]}
 */
export const troubleOf =
  (put) =>
  ([what, stored, error]) => [what, () => put(stored), error];

/** @param {Store} store */
export const garbageIn = ({ put }) => GARBAGE.map(troubleOf(put));
