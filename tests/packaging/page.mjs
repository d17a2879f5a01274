/** Pages in headless Chromium, served on loopback. */
import { launch, serve } from "../runtimes/cases/browser.mjs";
import { deciding } from "./install.mjs";

/** A page whose script is main.js. */
export const PAGE = `<!doctype html><title>waiting</title><body></body><script type="module" src="./main.js"></script>`;

/**
 * That script: shows what was decided, or what went wrong.
 * @param {string} name - the import
 */
export const showing = (name) => `${deciding(name)}
decide().then(String, String).then((text) => {
  document.body.textContent = text;
  document.title = "done";
});`;

/** A browser of which each call opens one page, and gives what it shows. */
export async function openBrowser() {
  const browser = await launch();
  return {
    /**
     * @param {string} root - the folder to serve
     * @param {string} path - of the page in it
     * @param {Record<string, string>} [headers] - sent with everything
     */
    async read(root, path, headers) {
      const server = await serve(root, headers);
      try {
        return await show(browser, server.url + path);
      } finally {
        server.close();
      }
    },
    /** @param {string} url */
    show: (url) => show(browser, url),
    close: () => browser.close(),
  };
}

/** @param {import("playwright-core").Browser} browser @param {string} url */
async function show(browser, url) {
  const page = await browser.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title === "done", undefined, { timeout: 20_000 });
    return (await page.textContent("body")) ?? "";
  } catch (error) {
    throw new Error(`${url} shows nothing: ${said.join("; ")}`, { cause: error });
  } finally {
    await page.close();
  }
}
