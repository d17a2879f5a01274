/** Cases that are counted, and tell what failed: the same in Node and in a worker. */

/** @typedef {(name: string, run: () => unknown) => Promise<void>} Check */
/** @typedef {{ count: number, failures: string[] }} Outcome */

/** @param {(check: Check) => Promise<void>} suite @returns {Promise<Outcome>} */
export async function outcomeOf(suite) {
  /** @type {string[]} */
  const failures = [];
  let count = 0;
  await suite(async (name, run) => {
    count++;
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.stack : "what is no error"}`);
    }
  });
  return { count, failures };
}

/** Throws unless both have one JSON text. @param {unknown} actual @param {unknown} expected */
export function equal(actual, expected) {
  const [is, should] = [actual, expected].map((value) => JSON.stringify(value));
  if (is !== should) throw new Error(`${is} instead of ${should}`);
}
