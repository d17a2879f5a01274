/** What may come to a signed source in place of what was signed, and what must come of that: the same in each runtime. */
import assert from "node:assert/strict";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const text = (/** @type {number} */ revision) => JSON.stringify({ revision, flags: { a: { enabled: true } } });

/**
 * Follows a signed source through all of it: nothing of that is ever loaded, the last good snapshot stays, and what is signed well
 * afterwards is taken. Gives the codes by which it was refused.
 *
 * @param {(options: any) => Promise<any>} createEngine
 * @param {typeof import("../dist/signature.js")} signatures
 * @param {typeof import("../dist/source.js")} sources
 */
export async function refuseThrough(createEngine, signatures, { liveEngine, signed }) {
  const { generateSigningKey, keyId, signSnapshot } = signatures;
  const [key, other] = [await generateSigningKey(), await generateSigningKey()];
  const id = await keyId(key);
  let now = 1_000 * DAY;
  let revision = 10;
  let stored = { snapshot: "", age: 0, signature: /** @type {string | null} */ (null) };
  const errors = /** @type {any[]} */ ([]);
  const clock = () => now;
  const live = liveEngine({
    source: signed({ read: async () => stored }, { keys: [key.x], maxAge: DAY, clock }),
    create: (snapshot) => createEngine({ snapshot, clock }),
    clock,
    onError: (error) => errors.push(error),
  });
  const put = (snapshot, signature) => void (stored = { snapshot, age: 0, signature });
  const sign = (snapshot, by = key, at = now) => signSnapshot(snapshot, by, { now: at });
  const publish = async () => put(text(++revision), await sign(text(revision)));
  const forged = text(99);

  put(forged, await sign(forged, other));
  await assert.rejects(Promise.resolve(live.get()), /no snapshot yet/);
  await publish();
  assert.equal(await live.refresh(), true);
  const engine = await live.get();
  const first = stored;

  /** @type {[what: string, trouble: () => unknown, code: string][]} */
  const troubles = [
    ["none", () => put(forged, null), "UNSIGNED"],
    ["of other bytes", () => put(forged, stored.signature), "INVALID_SIGNATURE"],
    ["truncated", async () => put(forged, (await sign(forged)).slice(0, -1)), "INVALID_SIGNATURE"],
    ["by another key under a known id", async () => put(forged, (await sign(forged, other)).replace(await keyId(other), id)), "INVALID_SIGNATURE"],
    ["by an unknown key", async () => put(forged, await sign(forged, other)), "UNKNOWN_KEY"],
    ["from the future", async () => put(forged, await sign(forged, key, now + HOUR)), "FUTURE_SIGNATURE"],
    ["an older revision's, as it was signed then", () => put(first.snapshot, first.signature), "STALE_SIGNATURE"],
    ["a day old, as nobody signed anew", () => void (now += DAY), "EXPIRED_SIGNATURE"],
  ]; // prettier-ignore
  for (const [what, trouble, code] of troubles) {
    now += HOUR;
    errors.length = 0;
    await trouble();
    assert.equal(await live.refresh(), false, what);
    assert.deepEqual(errors.map((error) => error.code), [code], what); // prettier-ignore
    assert.deepEqual([engine.revision, engine.isEnabled("a", {})], [revision, true], what);
    await publish();
    assert.equal(await live.refresh(), true, what);
    assert.equal(engine.revision, revision, `${what}: not over`);
  }
  // Signed well, but of an older revision: the engine's own to refuse.
  errors.length = 0;
  put(text(1), await sign(text(1)));
  await live.refresh();
  assert.match(String(errors), /STALE_REVISION/);
  assert.equal(engine.revision, revision);
  return troubles.map(([, , code]) => code);
}
