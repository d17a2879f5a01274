// What a page must hold to before anybody uses it, in Chromium: nothing moves while it loads, and everybody can use it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { violations } from "./axe.mjs";
import { startChromium } from "./browsers.mjs";
import { startSite } from "./site.mjs";
import { until } from "./until.mjs";

/** A desktop's width, and a telephone's. */
const WIDTHS = [1280, 390];

/** @type {Awaited<ReturnType<typeof startChromium>>} */
let chromium;
/** @type {Awaited<ReturnType<typeof startSite>>} */
let site;
before(async () => {
  site = await startSite();
  chromium = await startChromium();
});
after(async () => {
  await chromium?.browser.close();
  await site.stop();
});

/** @param {number} width @param {string} [page] */
async function open(width, page = "") {
  await chromium.page.setViewport({ width, height: 900 });
  await chromium.browser.open("about:blank");
  await chromium.browser.open(site.url + page);
  await until(chromium.browser, "document.querySelector('.chart svg') !== null", Boolean);
}

for (const width of WIDTHS) {
  test(`nothing moves while the page loads, and nothing is wider than ${width} pixels`, async () => {
    await open(width);
    // The first telling of how many visitors get what comes after a pause.
    await until(chromium.browser, "document.querySelector('.moves').textContent", (text) => text !== "");
    const shifts = await chromium.browser.run(`new Promise((done) => {
      new PerformanceObserver((list) => done(list.getEntries().map(({ value }) => value)))
        .observe({ type: "layout-shift", buffered: true });
      setTimeout(() => done([]), 500);
    })`);
    assert.deepEqual(shifts, []);
    assert.equal(await chromium.browser.run("document.documentElement.scrollWidth"), width);
  });

  for (const theme of ["light", "dark"]) {
    test(`axe finds nothing at ${width} pixels in the ${theme} theme`, async () => {
      await chromium.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      await open(width);
      await breakSnapshot();
      assert.deepEqual(await violations(chromium.browser), []);
    });
  }
}

/** Problems, too, are to be legible. */
async function breakSnapshot() {
  await chromium.browser.click(".cm-line");
  await chromium.browser.type("x");
  await until(chromium.browser, "document.querySelector('.problems .wrong') !== null", Boolean);
}

test("a chosen theme stays, for later visits too", async () => {
  await chromium.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  const ground = "getComputedStyle(document.documentElement).backgroundColor";
  await open(1280);
  const light = await chromium.browser.run(ground);
  await chromium.page.select(".tools select", "dark");
  const dark = await chromium.browser.run(ground);
  assert.notEqual(dark, light);
  await open(1280);
  assert.equal(await chromium.browser.run(ground), dark);
  await chromium.page.select(".tools select", "auto");
  assert.equal(await chromium.browser.run(ground), light);
});

test("names and values are completed by the schema, without those that are there", async () => {
  const { browser } = chromium;
  const labels = "Array.from(document.querySelectorAll('.cm-completionLabel'), (label) => label.textContent)";
  const offered = (/** @type {string} */ label) => until(browser, labels, (all) => all.includes(label));
  await open(1280);
  // Behind the list that ends the flag.
  await browser.click(".cm-line:nth-child(9)");
  await browser.press("End");
  await browser.type(', "r');
  const names = await offered('"rollout"');
  assert.ok(names.includes('"rules"') && !names.includes('"rolloutPercentage"'), names.join());
  await browser.press("Backspace");
  await browser.type("gu");
  await offered('"guard"');
  await settled();
  await browser.press("Enter");
  await browser.type('"onBreach": "f');
  await offered('"freeze"');
  await settled();
  await browser.press("Enter");
  const text = await browser.run("document.querySelector('.cm-content').textContent");
  assert.match(text, /\], "guard": \{ "onBreach": "freeze" \}/);
  await until(browser, "document.querySelector('.problems').textContent", (told) => told.includes("No problems"));
});

/** The editor takes no key for a list of completions that has only just been shown: it may be meant for the text. */
const settled = () => sleep(300);
