import { setTimeout as sleep } from "node:timers/promises";

/**
 * Evaluates in the page until it holds; fails with what was seen last.
 * @param {import("./browsers.mjs").Browser} browser
 * @param {string} expression
 * @param {(value: any) => boolean} holds
 * @param {number} [patience] - in milliseconds.
 */
export async function until(browser, expression, holds, patience = 15_000) {
  const end = Date.now() + patience;
  for (;;) {
    const value = await browser.run(expression);
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`after ${patience} ms ${expression} is still ${JSON.stringify(value)}`);
    await sleep(50);
  }
}
