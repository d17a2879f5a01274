/**
 * The texts, all with one or two characters changed: one left out, put in or replaced, or two swapped.
 * @param {string[]} texts
 * @param {string[]} alphabet
 */
export function neighbours(texts, alphabet) {
  const all = new Set(["", ...texts]);
  for (const text of texts) {
    for (const near of changed(text, alphabet)) {
      all.add(near);
      // The second change is one that keeps the length small: two lengths may be wrong only together.
      for (const mark of alphabet.slice(0, 6)) all.add(near + mark).add(mark + near);
    }
  }
  return all;
}

/** @param {string} text @param {string[]} alphabet @returns {Generator<string>} */
function* changed(text, alphabet) {
  for (let at = 0; at <= text.length; at++) {
    const [before, behind] = [text.slice(0, at), text.slice(at)];
    for (const mark of alphabet) {
      yield before + mark + behind;
      if (behind !== "") yield before + mark + behind.slice(1);
    }
    yield before + behind.slice(1);
    yield before + behind.slice(1, 2) + behind.slice(0, 1) + behind.slice(2);
  }
}
