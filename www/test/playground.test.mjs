// The playground as its users have it, in three browsers: by mouse and keyboard, and by what the page shows.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BROWSERS } from "./browsers.mjs";
import { visitorsIn } from "./reference.mjs";
import { startSite } from "./site.mjs";
import { until } from "./until.mjs";

const TEXT = (/** @type {string} */ selector) =>
  `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`;
const PROBLEMS = TEXT(".problems");
const CHART = "document.querySelector('.chart svg') !== null";
const SLIDER = ".crowd input[type=range]";

for (const [name, start] of Object.entries(BROWSERS)) {
  describe(name, () => {
    /** @type {import("./browsers.mjs").Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startSite>>} */
    let site;
    before(async () => {
      site = await startSite();
      browser = await start();
    });
    after(async () => {
      await browser?.close();
      await site.stop();
    });

    /** @param {string} [fragment] */
    async function open(fragment = "") {
      // Another fragment alone would load nothing.
      await browser.open("about:blank");
      await browser.open(site.url + fragment);
      await until(browser, PROBLEMS, (text) => text.includes("No problems"));
      // The chart and the first telling come last: a page that is left before would tell of what it could not load.
      await until(browser, CHART, Boolean);
      await until(browser, TEXT(".moves"), (text) => text !== "");
    }

    test("a mistake is told where it is, decisions go on, and it is gone when it is mended", async () => {
      await open();
      await cursorBehind(browser, '"rolloutPercentage": 25');
      await browser.type("0");
      // Six spaces, the name in quotes, a colon and a space: the number begins in column 28.
      await until(browser, PROBLEMS, (text) => text.includes("5:28") && text.includes("OUT_OF_RANGE"));
      assert.equal(await browser.run(TEXT(".cm-lintRange-error")), "250");
      assert.equal(await browser.run("document.querySelectorAll('.cm-gutter-lint .cm-lint-marker-error').length"), 1);
      assert.match(await browser.run(TEXT(".decision summary")), /new-checkout\s*on/, "its last sound definition");
      await browser.press("Backspace");
      await until(browser, PROBLEMS, (text) => text.includes("No problems"));
      assert.equal(await browser.run(TEXT(".cm-lintRange-error")), "");
    });

    test("what is no JSON is refused, and the last good snapshot stays", async () => {
      await open();
      await cursorBehind(browser, '"rolloutPercentage": 25');
      await browser.type("x");
      await until(browser, PROBLEMS, (text) => text.includes("Refused") && text.includes("NOT_JSON"));
      assert.match(await browser.run(TEXT(".decision summary")), /new-checkout\s*on/);
    });

    test("a growing percentage only ever adds visitors: those of the specification, each at their place", async () => {
      await open();
      await browser.click(".crowd details summary");
      const atFirst = await listed(browser, "on");
      assert.deepEqual(atFirst, visitorsIn("new-checkout", 25));
      assert.deepEqual(await drawn(browser), atFirst);
      await browser.run(`document.querySelector("${SLIDER}").focus()`);
      await browser.press("ArrowRight", 15);
      await until(browser, TEXT(".cm-content"), (text) => text.includes('"rolloutPercentage": 40,'));
      const then = await listed(browser, "on");
      assert.deepEqual(then, visitorsIn("new-checkout", 40));
      assert.deepEqual(await drawn(browser), then);
      assert.deepEqual(Array.from(atFirst).filter((id) => !then.has(id)), []); // prettier-ignore
      await until(browser, TEXT(".moves"), (text) => text.includes(" 0 went out"));
    });

    test("a link brings back snapshot and visitor; a broken one, the first example", async () => {
      await open();
      await browser.run(`document.querySelector("${SLIDER}").focus()`);
      await browser.press("ArrowRight", 3);
      await browser.run("document.querySelector('.story input[type=range]').focus()");
      await browser.press("ArrowLeft", 5);
      // The address follows after half a second without a change.
      const fragment = await settled(browser, "location.hash");
      await open(fragment);
      await until(browser, TEXT(".cm-content"), (text) => text.includes('"rolloutPercentage": 28,'));
      assert.equal(await browser.run("document.querySelector('.story input').value"), "20");
      await open(`#${fragment.slice(5, -9)}`);
      await until(browser, TEXT(".cm-content"), (text) => text.includes('"rolloutPercentage": 25,'));
    });

    test("a canary that breaks is withdrawn, one that does not stays", async () => {
      await open();
      const guard = TEXT(".verdict [role=status]");
      assert.equal(await browser.run(guard), "The canary is in service.");
      await browser.click(".moment button:last-child");
      const told = await until(browser, guard, (text) => text.includes("rollback of new-checkout on"));
      const [, minutes, seconds] = /^At (\d+):(\d\d): /.exec(told) ?? [];
      // It breaks at 120 s, and must look bad for ten; a slot has two.
      const at = Number(minutes) * 60 + Number(seconds);
      assert.ok(at >= 130 && at <= 142, told);
      assert.equal(await browser.run(TEXT(".verdict [data-state]")), "breach");
      await browser.run("document.querySelector('.moment input').focus()");
      await browser.press("End");
      await until(browser, TEXT(".verdict p"), (text) => text.includes("the canary failed 0 of 0 requests"));
      // With no failures but the usual ones.
      await browser.run("document.querySelectorAll('.story input[type=range]')[2].focus()");
      await browser.press("Home");
      await until(browser, guard, (text) => text === "The canary is in service.");
    });

    test("it opens without a network, once it was visited", async () => {
      await open();
      await browser.run("navigator.serviceWorker.ready.then(() => true)");
      await site.stop();
      await browser.open("about:blank");
      await browser.open(site.url);
      await until(browser, PROBLEMS, (text) => text.includes("No problems"));
      await until(browser, CHART, Boolean);
      site = await startSite();
    });

    test("the console tells of no error", () => {
      assert.deepEqual(browser.errors?.(), name === "webkit" ? undefined : []);
    });
  });
}

/**
 * Puts the editor's cursor behind a text of its line, by keyboard.
 * @param {import("./browsers.mjs").Browser} browser
 * @param {string} text
 */
async function cursorBehind(browser, text) {
  const shown = "Array.from(document.querySelectorAll('.cm-line'), (line) => line.textContent)";
  const find = (/** @type {string[]} */ lines) => lines.findIndex((line) => line.includes(text));
  const lines = await until(browser, shown, (all) => find(all) !== -1);
  const line = find(lines);
  await browser.click(".cm-line");
  await browser.press("Home");
  await browser.press("ArrowDown", line);
  await browser.press("End");
  await browser.press("ArrowLeft", lines[line].length - lines[line].indexOf(text) - text.length);
}

/**
 * What an expression gives, once it has been the same for over a second, and not empty.
 * @param {import("./browsers.mjs").Browser} browser
 * @param {string} expression
 */
async function settled(browser, expression) {
  let value = "";
  for (let same = 0; same < 12; await sleep(100)) {
    const now = await browser.run(expression);
    same = now === value && now !== "" ? same + 1 : 0;
    value = now;
  }
  return value;
}

/** The ids that the page lists for a variant. @param {import("./browsers.mjs").Browser} browser @param {string} variant */
async function listed(browser, variant) {
  const text = await until(browser, "document.querySelector('.crowd textarea')?.value ?? ''", (value) => value !== "");
  const lines = text.split("\n");
  return new Set(lines[lines.indexOf(variant) + 1].split(" "));
}

/** The visitors whose point has the colour of the first variant, as the canvas shows it. @param {import("./browsers.mjs").Browser} browser */
async function drawn(browser) {
  const indices = await browser.run(`(() => {
    const canvas = document.querySelector(".points canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const colour = getComputedStyle(document.querySelector(".legend .swatch")).backgroundColor.match(/\\d+/g).map(Number);
    const cell = canvas.width / 125;
    return Array.from({ length: 10000 }, (_, index) => index).filter((index) => {
      const at = 4 * (Math.round(Math.floor(index / 125) * cell + 1) * canvas.width + Math.round((index % 125) * cell + 1));
      return colour.every((part, channel) => Math.abs(data[at + channel] - part) <= 2);
    });
  })()`);
  return new Set(indices.map((/** @type {number} */ index) => `visitor-${index}`));
}
