/**
 * What can be asked of the demo, on its terminal and on its page.
 * @typedef {Awaited<ReturnType<Control["state"]>>} State
 * @typedef {ReturnType<typeof createControl>} Control
 */

/** More would only measure how fast this process can ask. */
const MOST_A_SECOND = 1_000;

/**
 * @param {import("./edge.mjs").Edge} edge
 * @param {import("./origins.mjs").Origin[]} origins
 */
export function createControl(edge, origins) {
  const visitors = crowd(edge.url);
  /** @param {number} percent */
  const fail = (percent) => {
    const share = Math.min(Math.max(percent, 0), 100) / 100;
    for (const origin of origins.filter(({ name }) => name === "canary")) origin.failing = share;
    return share === 0 ? "canary is mended" : `canary fails ${share * 100} % of its requests`;
  };
  return {
    /** Visitors come, so many a second; none with 0. @param {number} [perSecond] */
    load: (perSecond = 100) => visitors.come(Math.min(perSecond, MOST_A_SECOND)),
    /** The canary answers so many percent of its requests with 503. @param {number} [percent] */
    break: (percent = 20) => fail(percent),
    /** It no longer does. */
    mend: () => fail(0),
    /** What the origins answered, and how the guard judges. */
    async state() {
      const { standings, orders } = await edge.overview();
      return { origins, load: visitors.perSecond(), standings, directives: orders.directives ?? [] };
    },
  };
}

/** Visitors with ids of their own, so many a second, as long as they are wanted. @param {string} url */
function crowd(url) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let wanted = 0;
  let next = 0;
  const visit = () => fetch(url, { headers: { cookie: `uid=visitor-${next++ % 10_000}` } }).then(drained, () => {});
  return {
    perSecond: () => wanted,
    /** @param {number} perSecond */
    come(perSecond) {
      clearInterval(timer);
      wanted = Math.max(perSecond, 0);
      if (wanted > 0) timer = setInterval(visit, Math.max(1, 1_000 / wanted));
    },
  };
}

/** @param {Response} response */
const drained = (response) => response.text();
