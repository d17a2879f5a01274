/** Ids whose XXH64 is equal, in its upper half or as a whole: the hash is no secret and can be turned back, so that anybody can make them. */

const WORD = (1n << 64n) - 1n;
/** The primes of XXH64 (xxHash specification, section "XXH64 algorithm description"). */
const [P1, P2, P3, P4, P5] = /** @type {[bigint, bigint, bigint, bigint, bigint]} */ ([
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
]);

/** @type {(value: bigint, bits: bigint) => bigint} */
const rotateRight = (value, bits) => ((value >> bits) | (value << (64n - bits))) & WORD;

/** The inverse of an odd number modulo 2^64, by Newton's iteration. @param {bigint} odd */
function inverse(odd) {
  let guess = odd;
  for (let i = 0; i < 6; i++) guess = (guess * (2n - odd * guess)) & WORD;
  return guess;
}

const [I1, I2, I3] = /** @type {[bigint, bigint, bigint]} */ ([P1, P2, P3].map(inverse));

/** The eight bytes, as a little-endian number, whose XXH64 with seed 0 is this. @param {bigint} hash */
function preimage(hash) {
  let value = ((hash ^ (hash >> 32n)) * I3) & WORD;
  value = ((value ^ (value >> 29n) ^ (value >> 58n)) * I2) & WORD;
  value ^= value >> 33n;
  value = rotateRight(((value - P4) * I1) & WORD, 27n) ^ (P5 + 8n);
  return (rotateRight((value * I1) & WORD, 31n) * I2) & WORD;
}

/**
 * So many ids of eight ASCII characters; of 256 preimages one is that.
 * @param {number} count
 * @returns {string[]}
 */
export function collidingIds(count) {
  const ids = [];
  for (let low = 0n; ids.length < count; low++) {
    const bytes = preimage((0x706f696en << 32n) | low);
    if ((bytes & 0x8080808080808080n) === 0n) ids.push(textOf(bytes));
  }
  return ids;
}

/**
 * So many ids of sixteen ASCII characters, with one and the same XXH64: whatever the first eight bytes have made of it, there are
 * eight that lead to the same state.
 * @param {number} count
 * @returns {string[]}
 */
export function equalIds(count) {
  const start = (P5 + 16n) & WORD;
  const end = 0x706f696e74736d61n;
  const ids = [];
  for (let first = 0x2020202020202020n; ids.length < count; first++) {
    const state = (rotateRight(start ^ lane(first), 37n) * P1 + P4) & WORD;
    const last = unlane(state ^ end);
    if (((first | last) & 0x8080808080808080n) === 0n) ids.push(textOf(first) + textOf(last));
  }
  return ids;
}

/** What eight bytes add to the state. @param {bigint} bytes */
function lane(bytes) {
  return (rotateRight((bytes * P2) & WORD, 33n) * P1) & WORD;
}

/** The eight bytes that add this. @param {bigint} added */
function unlane(added) {
  return (rotateRight((added * I1) & WORD, 31n) * I2) & WORD;
}

/** @param {bigint} bytes */
function textOf(bytes) {
  return String.fromCharCode(...Array.from({ length: 8 }, (_, i) => Number((bytes >> BigInt(8 * i)) & 0xffn)));
}
