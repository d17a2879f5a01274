// The example for a page's own service worker, in headless Chromium.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch } from "../runtimes/cases/browser.mjs";
import { until } from "../runtimes/router/client.mjs";
import { serveSite } from "./site.mjs";
import { tell } from "./story.mjs";
import { startWorld } from "./world.mjs";

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

describe("service worker, in whose sight things are otherwise than at the edge", () => {
  let world;
  let page;

  before(async () => {
    world = await startWorld();
    page = await start(world);
    await page.put(withVisitor(world.snapshot()));
    await until(async () => (await page.ask("/fixed/")).headers["x-origin"], (name) => name === "stable", 10_000); // prettier-ignore
  });
  after(() => Promise.all([page?.stop(), world?.close()]));

  /** The route would keep a random id in a cookie, which a worker can neither set nor see. */
  const withVisitor = (snapshot) => ({
    ...snapshot,
    routes: snapshot.routes.map((route) => ({ ...route, visitor: { cookie: "vid", maxAge: "1d" } })),
  });

  test("a visitor that no cookie can keep is out, and not in by turns", async () => {
    for (let asked = 0; asked < 12; asked++) {
      assert.equal((await page.ask("/half/")).headers["x-origin"], "stable");
    }
    assert.equal((await page.ask("/half/", { uid: "alice" })).status, 200);
  });

  test("a redirect that the page would follow is followed", async () => {
    world.stable.on("/fixed/moved", (_, response) => response.writeHead(302, { location: "/behind/stable/new" }).end());
    assert.equal(JSON.parse((await page.ask("/fixed/moved")).text).url, "/new");
  });

  test("nothing is said in the client's name, and a request to another origin is not the worker's", async () => {
    const { headers } = JSON.parse((await page.ask("/fixed/")).text);
    assert.deepEqual(Object.keys(headers).filter((name) => name.startsWith("x-forwarded-")), []); // prettier-ignore
    world.stable.on("/fixed/shared", (_, response) =>
      response.writeHead(200, { "access-control-allow-origin": "*" }).end("shared"),
    );
    const { headers: untouched, text } = await page.ask(`${world.stable.url}/fixed/shared`);
    assert.deepEqual([text, untouched.pointsman], ["shared", undefined]);
  });
});

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
