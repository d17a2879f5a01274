// The example for a page's own service worker, in headless Chromium.
import assert from "node:assert/strict";
import { launch } from "../runtimes/cases/browser.mjs";
import { serveSite } from "./site.mjs";
import { tell } from "./story.mjs";

tell("service worker", start, {
  knowsClients: false,
  unmatched: toNetwork,
  unabortable: "the page's connection is not the worker's",
});

/** As without the worker: the page's own server answers. @type {import("./story.mjs").Expected["unmatched"]} */
async function toNetwork(ask) {
  const { status, headers, text } = await ask("/elsewhere");
  assert.deepEqual([status, headers.pointsman, text], [404, undefined, "the site has no /elsewhere"]);
}

/** @param {import("./world.mjs").World} world */
async function start(world) {
  const site = await serveSite(world);
  const browser = await launch();
  const context = await browser.newContext();
  const log = [];
  context.on("serviceworker", (worker) => worker.on("console", (message) => void log.push(message.text())));
  const page = await context.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const stop = async () => {
    await browser.close();
    await site.close();
  };
  const ask = (path, asking = {}) => page.evaluate(asIn, { path, asking });
  return { ask, log: () => log.join("\n"), stop, put: site.put, fail: site.fail };
}

/** Runs in the page, which names the visitor in a cookie. @param {{ path: string, asking: import("./story.mjs").Asking }} question */
async function asIn({ path, asking: { uid, ...init } }) {
  document.cookie = uid === undefined ? "uid=; Max-Age=0" : `uid=${uid}`;
  const response = await fetch(path, init);
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
}
