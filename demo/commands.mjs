import { createInterface } from "node:readline";
import { standingText } from "../js/dist/explain.js";

const HELP = `commands:
  load [requests a second]   visitors come, 100 a second unless said otherwise; load 0 ends it
  break [percent]            the canary answers 20 % of its requests with 503, unless said otherwise
  mend                       it no longer does
  status                     what the origins answered, and how the guard judges`;

/**
 * Commands on the terminal that runs the demo.
 * @param {import("./control.mjs").Control} control
 */
export function listen(control) {
  /** @type {Record<string, (argument?: number) => string | void | Promise<string>>} */
  const commands = {
    load: control.load,
    break: control.break,
    mend: control.mend,
    status: async () => statusText(await control.state()),
  };
  createInterface({ input: process.stdin }).on("line", (line) => {
    const [name = "", argument = ""] = line.trim().split(/\s+/);
    if (name === "") return;
    const number = Number.parseFloat(argument);
    const command = Object.hasOwn(commands, name) ? commands[name] : () => HELP;
    Promise.resolve(command?.(Number.isNaN(number) ? undefined : number))
      .then((told) => told !== undefined && console.log(told))
      .catch((error) => console.error(`demo: ${error.message}`));
  });
}

/** @param {import("./control.mjs").State} state */
function statusText({ origins, standings, directives }) {
  return [
    ...origins.map(({ name, answered }) => `${name} has answered ${answered} requests`),
    ...standings.map(standingText),
    ...directives.map(({ action, flag, variant }) => `in force: ${action} of ${flag} ${variant}`),
  ].join("\n");
}
