/** Makes a failing case smaller, as long as it fails: parts left out, texts and numbers shortened. */

/** @typedef {import("./round.mjs").Case} Case */

const ATTEMPTS = 3_000;

/** @param {Case} failing @param {(one: Case) => Promise<boolean>} fails */
export async function smaller(failing, fails) {
  let least = failing;
  let left = ATTEMPTS;
  const stillFails = async (/** @type {Case} */ one) => left-- > 0 && (await fails(one).catch(() => false));
  for (let found = true; found && left > 0;) {
    found = false;
    for (const attempt of cases(least)) {
      if (!(await stillFails(attempt))) continue;
      least = attempt;
      found = true;
      break;
    }
  }
  return least;
}

/** @param {Case} one @returns {Generator<Case>} */
function* cases(one) {
  for (const steps of shorter(one.steps)) yield { ...one, steps };
  if (one.before !== null) yield { ...one, before: null };
  for (const part of /** @type {const} */ (["contexts", "snapshot", "before"])) {
    for (const less of attempts(one[part])) yield { ...one, [part]: less };
  }
}

/** The value with one thing less, the largest first. @param {unknown} value @returns {Generator<unknown>} */
function* attempts(value) {
  if (typeof value === "string") yield* texts(value);
  else if (Array.isArray(value)) yield* lists(value);
  else if (typeof value === "object" && value !== null) yield* objects(/** @type {{ [name: string]: unknown }} */ (value));
} // prettier-ignore

/** @param {string} text */
function* texts(text) {
  for (const length of [0, text.length >> 1, text.length - 1]) {
    if (length >= 0 && length < text.length) yield text.slice(0, length);
  }
}

/** @template T @param {readonly T[]} list @returns {Generator<T[]>} */
function* shorter(list) {
  for (let size = list.length; size > 0; size >>= 1) {
    for (let at = 0; at < list.length; at += size) yield [...list.slice(0, at), ...list.slice(at + size)];
  }
}

/** @param {unknown[]} list */
function* lists(list) {
  yield* shorter(list);
  for (const [at, element] of list.entries()) {
    for (const less of attempts(element)) yield [...list.slice(0, at), less, ...list.slice(at + 1)];
  }
}

/** @param {{ [name: string]: unknown }} object */
function* objects(object) {
  for (const name of Object.keys(object)) yield Object.fromEntries(Object.entries(object).filter(([own]) => own !== name));
  for (const [name, value] of Object.entries(object)) {
    for (const less of attempts(value)) yield { ...object, [name]: less };
  }
} // prettier-ignore
