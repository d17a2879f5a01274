/** A change of keys as docs/signed-snapshots.md has it, step by step: the same in each runtime. */
import assert from "node:assert/strict";

const text = (/** @type {number} */ revision) => JSON.stringify({ revision, flags: { a: { enabled: true } } });

/**
 * Follows one store by edges that learn of the new key at different steps. None is ever refused anything, and who has got only
 * one of the keys where the steps forbid it keeps the last good snapshot.
 *
 * @param {(options: any) => Promise<any>} createEngine
 * @param {typeof import("../dist/signature.js")} signatures
 * @param {typeof import("../dist/source.js")} sources
 * @returns {Promise<string[]>} what happened, a line a publication.
 */
export async function rotateThrough(createEngine, { generateSigningKey, signSnapshot }, { liveEngine, signed }) {
  const [old, next] = [await generateSigningKey(), await generateSigningKey()];
  const stored = { snapshot: "", age: 0, signature: "" };
  const edge = (/** @type {{ x: string }[]} */ ...keys) => {
    const errors = /** @type {any[]} */ ([]);
    const source = signed({ read: async () => ({ ...stored }) }, { keys: keys.map(({ x }) => x) });
    const create = (/** @type {any} */ snapshot) => createEngine({ snapshot });
    return {
      live: liveEngine({ source, create, onError: (error) => errors.push(/** @type {any} */ (error).code) }),
      errors,
    };
  };
  const edges = { late: edge(old), both: edge(old, next), done: edge(next) };
  let revision = 0;
  const publish = async (/** @type {(typeof old)[]} */ ...by) => {
    stored.snapshot = text(++revision);
    const lines = by.map((key) => signSnapshot(stored.snapshot, key, { now: revision }));
    stored.signature = (await Promise.all(lines)).join("\n");
    const seen = Object.entries(edges).map(async ([name, { live, errors }]) => {
      await live.refresh();
      return `${name} ${live.current()?.revision ?? "nothing"} ${errors.splice(0).join()}`.trim();
    });
    return (await Promise.all(seen)).join(", ");
  };
  const steps = [await publish(old), await publish(old, next), await publish(next)];
  assert.deepEqual(steps, [
    "late 1, both 1, done nothing UNKNOWN_KEY",
    "late 2, both 2, done 2",
    "late 2 UNKNOWN_KEY, both 3, done 3",
  ]);
  return steps;
}
