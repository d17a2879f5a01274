import { createInterface } from "node:readline";
import { standingText } from "../js/dist/explain.js";

const HELP = `commands:
  load [requests a second]   visitors come, 100 a second unless said otherwise; load 0 ends it
  break [percent]            the canary answers 20 % of its requests with 503, unless said otherwise
  mend                       it no longer does
  status                     what the origins answered, and how the guard judges`;

/**
 * Commands on the terminal that runs the demo.
 * @param {import("./edge.mjs").Edge} edge
 * @param {import("./origins.mjs").Origin[]} origins
 */
export function listen(edge, origins) {
  const visitors = crowd(edge.url);
  /** @type {Record<string, (argument: number) => unknown>} */
  const commands = {
    load: (perSecond) => visitors.come(Number.isNaN(perSecond) ? 100 : perSecond),
    break: (percent) => failing(origins, (Number.isNaN(percent) ? 20 : percent) / 100),
    mend: () => failing(origins, 0),
    status: async () => console.log(await status(edge, origins)),
  };
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [name = "", argument = ""] = line.trim().split(/\s+/);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) return name === "" ? undefined : console.log(HELP);
    Promise.resolve(command(Number.parseFloat(argument))).catch((error) => console.error(`demo: ${error.message}`));
  });
}

/** @param {import("./origins.mjs").Origin[]} origins @param {number} share */
function failing(origins, share) {
  for (const origin of origins.filter(({ name }) => name === "canary")) {
    origin.failing = Math.min(Math.max(share, 0), 1);
    console.log(origin.failing === 0 ? "canary is mended" : `canary fails ${origin.failing * 100} % of its requests`);
  }
}

/** @param {import("./edge.mjs").Edge} edge @param {import("./origins.mjs").Origin[]} origins */
async function status(edge, origins) {
  const { standings, orders } = await edge.overview();
  return [
    ...origins.map(({ name, answered }) => `${name} has answered ${answered} requests`),
    ...standings.map(standingText),
    ...(orders.directives ?? []).map(({ action, flag, variant }) => `in force: ${action} of ${flag} ${variant}`),
  ].join("\n");
}

/** Visitors with ids of their own, so many a second, as long as they are wanted. @param {string} url */
function crowd(url) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  let next = 0;
  const visit = () => fetch(url, { headers: { cookie: `uid=visitor-${next++ % 10_000}` } }).then(drained, () => {});
  return {
    /** @param {number} perSecond */
    come(perSecond) {
      clearInterval(timer);
      if (perSecond > 0) timer = setInterval(visit, Math.max(1, 1_000 / perSecond));
    },
  };
}

/** @param {Response} response */
const drained = (response) => response.text();
