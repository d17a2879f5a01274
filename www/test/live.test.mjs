// The demo's page, in three browsers: break the canary by its buttons, and it is withdrawn before one's eyes; mend it, and it stays so.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { violations } from "./axe.mjs";
import { BROWSERS } from "./browsers.mjs";
import { startDemo } from "./demo.mjs";
import { until } from "./until.mjs";

const PAGE = "document.body.textContent";
const GUARD = "document.querySelector('main')?.lastElementChild.textContent ?? ''";
const ORDERS = "document.querySelector('[aria-label=\"Orders in force\"]')?.textContent ?? ''";
const LOAD = "document.querySelector('#load').textContent";
const GROUND = "getComputedStyle(document.documentElement).backgroundColor";

// One after another: at once it takes half as long, but a fresh machine that starts three browsers and three demos at once is too slow for some.
describe("in each browser", () => {
  for (const [name, start] of Object.entries(BROWSERS)) {
    describe(name, () => {
      /** @type {import("./browsers.mjs").Browser} */
      let browser;
      /** @type {Awaited<ReturnType<typeof startDemo>>} */
      let demo;
      before(async () => {
        demo = await startDemo();
        browser = await start();
      });
      after(async () => {
        await browser?.close();
        await demo?.stop();
      });

      for (const width of [390, 1280]) {
        test(`nothing moves while the page loads at ${width} pixels, and nothing is wider`, async () => {
          await browser.resize(width);
          await browser.open(`${demo.url}/__pointsman/`);
          await until(browser, ORDERS, (text) => text === "The canary is in service.");
          await until(browser, "document.querySelectorAll('.traffic svg').length", (count) => count === 2);
          // Chromium alone tells; from the others comes an empty list.
          assert.deepEqual(await browser.run(SHIFTS), []);
          assert.equal(await browser.run("document.documentElement.scrollWidth > innerWidth"), false);
        });
      }

      test("break withdraws the canary before one's eyes, and mend does not bring it back", async () => {
        await reach(browser, "load");
        await browser.press("Enter");
        await until(browser, GUARD, (text) => /^Guardok new-checkout on: ok: since/.test(text), 60_000);
        await browser.click("#break");
        await until(browser, PAGE, (text) => text.includes("It fails 20 % on purpose."));
        await until(
          browser,
          ORDERS,
          (text) => text.startsWith("In force: rollback of new-checkout on: since "),
          60_000,
        );
        // The site itself: alice is listed, and is with everybody else on stable again, once the worker has reported and heard of it.
        while ((await originOf(demo.url, "alice")) !== "stable") await sleep(100);
        await reach(browser, "mend");
        await browser.press("Enter");
        await until(browser, PAGE, (text) => !text.includes("on purpose"));
        assert.match(await browser.run(ORDERS), /^In force: rollback/);
        await browser.click("#load");
        await until(browser, LOAD, (text) => text.startsWith("Load"));
      });

      test("a command is no second of the chart", async () => {
        const commands = 20;
        const [drawn, asked] = await until(browser, COUNTS, ([count]) => count >= 1);
        await browser.run(`void Array.from({ length: ${commands} }, () => document.querySelector("#mend").click())`);
        const later = await until(browser, COUNTS, ([, count]) => count >= asked + commands);
        // The first look may have come between an answer and its drawing.
        const most = later[1] - asked - commands + 1;
        assert.ok(later[0] - drawn <= most, `${later[0] - drawn} seconds were drawn, ${most} at most have passed`);
      });

      test("both themes can be chosen by keyboard, and axe finds nothing in them", async () => {
        const grounds = new Set();
        for (const theme of ["light", "dark"]) {
          await browser.run("document.querySelector('.tools select').focus()");
          await browser.press("ArrowDown");
          await until(browser, "document.documentElement.dataset.theme", (chosen) => chosen === theme);
          grounds.add(await browser.run(GROUND));
          assert.deepEqual(await violations(browser), []);
        }
        assert.equal(grounds.size, 2);
      });

      test("the playground stands beside it", async () => {
        await browser.open(await browser.run("document.querySelector('header a').href"));
        await until(browser, "document.querySelector('.problems')?.textContent ?? ''", (text) =>
          text.includes("No problems"),
        );
        assert.equal(await browser.run("location.pathname"), "/__pointsman/playground/");
      });

      test("the console tells of no error", () => {
        assert.deepEqual(browser.errors?.(), name === "webkit" ? undefined : []);
      });
    });
  }
});

describe("whatever the browser", () => {
  /** @type {Awaited<ReturnType<typeof startDemo>>} */
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo?.stop());

  test("pages of other origins can give no commands", async () => {
    for (const origin of ["https://evil.example", undefined]) {
      const headers = origin ? { origin } : {};
      const response = await fetch(`${demo.url}/__pointsman/break`, { method: "POST", headers });
      assert.equal(response.status, 403);
    }
    const { origins } = /** @type {any} */ (await (await fetch(`${demo.url}/__pointsman/state`)).json());
    assert.deepEqual(origins.map((/** @type {any} */ one) => one.failing), [0, 0]); // prettier-ignore
  });

  test("nothing but the site's files is handed out", async () => {
    for (const path of ["..%2fpackage.json", "playground/..%2f..%2fpackage.json", "nothing.js"]) {
      assert.equal((await fetch(`${demo.url}/__pointsman/${path}`)).status, 404, path);
    }
  });
});

/** What moved by itself since the page was opened. */
const SHIFTS = `new Promise((done) => {
  if (!PerformanceObserver.supportedEntryTypes.includes("layout-shift")) return done([]);
  new PerformanceObserver((list) => done(list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done([]), 500);
})`;

/** How many seconds a chart shows, and how often the page has asked. The line has two corners for each second but the first, and an end. */
const COUNTS = `[
  (document.querySelector(".traffic [stroke-width='2'] path")?.getAttribute("d").split("L").length ?? 0) / 2,
  performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/state")).length,
]`;

/**
 * Goes by Tab to an element, which must show that it has the focus.
 * @param {import("./browsers.mjs").Browser} browser
 * @param {string} id
 */
async function reach(browser, id) {
  const focused = "document.activeElement?.id ?? ''";
  for (let presses = 0; presses < 12 && (await browser.run(focused)) !== id; presses++) await browser.press("Tab");
  assert.equal(await browser.run(focused), id);
  assert.equal(await browser.run("getComputedStyle(document.activeElement).outlineStyle"), "solid");
}

/** Who answers a visitor. @param {string} url @param {string} id */
async function originOf(url, id) {
  const answer = await fetch(`${url}/`, { headers: { cookie: `uid=${id}` } });
  await answer.text();
  return answer.headers.get("x-origin");
}
