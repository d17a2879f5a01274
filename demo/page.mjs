import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { Response } from "miniflare";

const SITE = new URL("../www/dist/", import.meta.url);

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/**
 * The demo's page, and the playground beside it: files of www/dist, the state of things, and what can be asked of them.
 * @param {string} origin - where the demo is: nobody else's pages may give commands.
 * @param {import("./control.mjs").Control} control
 * @returns {(request: import("miniflare").Request) => Promise<Response>}
 */
export function createPage(origin, control) {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const name = pathname.replace(/^\/__pointsman\//, "");
    if (request.method === "POST") {
      if (request.headers.get("origin") !== origin) return refusal(403, `commands are taken from ${origin} alone`);
      return commanded(control, name, searchParams.get("argument"));
    }
    return name === "state" ? Response.json(await control.state()) : file(name);
  };
}

/** @param {import("./control.mjs").Control} control @param {string} name @param {string | null} argument */
function commanded(control, name, argument) {
  const number = argument === null ? undefined : Number.parseFloat(argument);
  if (Number.isNaN(number)) return refusal(400, "the argument is no number");
  switch (name) {
    case "load":
      control.load(number);
      break;
    case "break":
      control.break(number);
      break;
    case "mend":
      control.mend();
      break;
    default:
      return refusal(404, "there is no such command");
  }
  return new Response(null, { status: 204 });
}

/** The playground has a folder of its own, which its service worker keeps to. @param {string} name */
async function file(name) {
  const pages = new Map([
    ["", "live.html"],
    ["playground/", "index.html"],
  ]);
  const address = new URL(pages.get(name) ?? name.replace(/^playground\//, ""), SITE);
  const body = address.href.startsWith(SITE.href) ? await readFile(address).catch(() => null) : null;
  if (body === null) return refusal(404, "there is no such file; make playground builds the page");
  return new Response(body, { headers: { "content-type": TYPES[extname(address.pathname)] ?? "text/plain" } });
}

/** @param {number} status @param {string} why */
function refusal(status, why) {
  return new Response(`${why}\n`, { status });
}
