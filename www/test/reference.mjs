// The bucketing specification (tests/vectors/README.md), over an implementation of XXH64 that is none of this project's.
import createHash from "xxhash-wasm";

const { h64Raw } = await createHash();
const bytes = new TextEncoder();

/**
 * Where an id stands on a line, in a snapshot without a salt.
 * @param {string} id
 * @param {string} salt
 * @param {"F" | "X"} [kind] - of the line: a flag's or rollout's, or a fault's.
 */
export function pointOf(id, salt, kind = "F") {
  // le32(0), the kind, and its salt.
  const seed = h64Raw(Uint8Array.from([0, 0, 0, 0, ...bytes.encode(kind + salt)]), 0n);
  const unit = new DataView(new ArrayBuffer(8));
  unit.setBigUint64(0, h64Raw(bytes.encode(id), 0n), true);
  return Number(h64Raw(new Uint8Array(unit.buffer), seed) >> 32n);
}

/**
 * Which of the playground's visitors a percentage of a flag holds.
 * @param {string} flag
 * @param {number} percentage
 */
export function visitorsIn(flag, percentage) {
  const cut = Math.floor((percentage / 100) * 2 ** 32 + 0.5);
  const ids = Array.from({ length: 10_000 }, (_, index) => `visitor-${index}`);
  return new Set(ids.filter((id) => pointOf(id, flag) < cut));
}
