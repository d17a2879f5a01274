import puppeteer from "puppeteer-core";
import { startWebKit } from "./webkit.mjs";

/**
 * A browser with one page, driven as its user would.
 * @typedef {object} Browser
 * @property {(url: string) => Promise<unknown>} open
 * @property {(expression: string) => Promise<any>} run - evaluates in the page; waits for promises.
 * @property {(selector: string) => Promise<unknown>} click
 * @property {(width: number) => Promise<unknown>} resize - to so many CSS pixels; WebKit's window is never narrower than 450 or so.
 * @property {(key: Key, times?: number) => Promise<void>} press
 * @property {(text: string) => Promise<unknown>} type
 * @property {() => string[]} [errors] - what the console said of errors; WebKit's driver does not tell.
 * @property {() => Promise<unknown>} close
 * @typedef {"ArrowDown" | "ArrowLeft" | "ArrowRight" | "Backspace" | "End" | "Enter" | "Escape" | "Home" | "Tab"} Key
 */

/** @type {Record<string, () => Promise<Browser>>} */
export const BROWSERS = {
  chromium: async () => (await startChromium()).browser,
  firefox: () =>
    puppeteer
      .launch({ browser: "firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" })
      .then(driven),
  webkit: startWebKit,
};

/** Chromium, with the page itself for what only its own protocol can do. */
export async function startChromium() {
  // Without a sandbox, as tests may run as root.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  const launched = await puppeteer.launch({ executablePath, args });
  const browser = await driven(launched);
  const [page] = (await launched.pages()).slice(-1);
  if (page === undefined) throw new Error("Chromium has no page");
  return { browser, page };
}

/** @param {import("puppeteer-core").Browser} browser @returns {Promise<Browser>} */
async function driven(browser) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  /** @type {string[]} */
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return {
    open: (url) => page.goto(url),
    run: (expression) => page.evaluate(expression),
    click: (selector) => page.locator(selector).click(),
    resize: (width) => page.setViewport({ width, height: 900 }),
    async press(key, times = 1) {
      for (let i = 0; i < times; i++) await page.keyboard.press(key);
    },
    type: (text) => page.keyboard.type(text),
    errors: () => errors,
    close: () => browser.close(),
  };
}
