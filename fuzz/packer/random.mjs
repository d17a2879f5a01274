/** Draws from a seed: the same seed, the same draws. */

/** @typedef {ReturnType<typeof randomOf>} Random */

/** @param {number} seed - an integer. */
export function randomOf(seed) {
  let state = seed >>> 0;
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return (word ^ (word >>> 14)) >>> 0;
  };
  /** 0 to n - 1. @param {number} n */
  const below = (n) => next() % n;
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[below(list.length)]);
  return {
    next,
    below,
    pick,
    /** True `n` times in a hundred. @param {number} n */
    chance: (n) => below(100) < n,
    /** As many as the second, or fewer, but not fewer than the first. @template T @param {number} least @param {number} most @param {(at: number) => T} make */
    several: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, (_, at) => make(at)),
    /** @template T @param {readonly T[]} list */
    shuffled: (list) => {
      const rest = [...list];
      for (let i = rest.length - 1; i > 0; i--) {
        const other = below(i + 1);
        [rest[i], rest[other]] = [/** @type {T} */ (rest[other]), /** @type {T} */ (rest[i])];
      }
      return rest;
    },
  };
}
