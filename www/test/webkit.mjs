import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./ports.mjs";

/** The keys' codes in WebDriver. @type {Record<string, string>} */
const KEYS = {
  ArrowDown: "\ue015",
  ArrowLeft: "\ue012",
  ArrowRight: "\ue014",
  Backspace: "\ue003",
  End: "\ue010",
  Enter: "\ue007",
  Escape: "\ue00c",
  Home: "\ue011",
  Tab: "\ue004",
};

/** The member that holds an element's id in WebDriver. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/**
 * WebKitGTK by plain WebDriver; it has no headless mode, so it gets a display of its own.
 * @returns {Promise<import("./browsers.mjs").Browser>}
 */
export async function startWebKit() {
  const display = await startDisplay();
  const port = await freePort();
  // A group of its own, so that the browser ends with its driver.
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    detached: true,
    env: { ...process.env, DISPLAY: display.name },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const stop = () => {
    if (driver.pid !== undefined && driver.exitCode === null) process.kill(-driver.pid, "SIGTERM");
    display.stop();
  };
  try {
    return browserOf(await sessionOf(`http://127.0.0.1:${port}`), stop);
  } catch (error) {
    stop();
    throw error;
  }
}

/**
 * An X server at a display that it chooses itself, told once it takes clients. (xvfb-run waits for a signal instead, and
 * for ever if that comes too early.)
 */
async function startDisplay() {
  const args = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  const server = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "pipe", "pipe"] });
  const complaints = textOf(server.stderr);
  const number = (await textOf(server.stdio[3])).trim();
  if (number === "") throw new Error(`Xvfb did not start: ${await complaints}`);
  return { name: `:${number}`, stop: () => server.kill("SIGTERM") };
}

/** What a program says, until it closes that. @param {any} stream @returns {Promise<string>} */
async function textOf(stream) {
  let text = "";
  for await (const part of stream) text += part;
  return text;
}

/** @typedef {(method: string, path: string, body?: object) => Promise<any>} Call */

/** @param {string} base @returns {Promise<Call>} */
async function sessionOf(base) {
  await answering(base);
  const options = { "webkitgtk:browserOptions": { binary: await miniBrowser(), args: ["--automation"] } };
  const made = await ask(`${base}/session`, "POST", { capabilities: { alwaysMatch: options } });
  return (method, path, body) => ask(`${base}/session/${made.sessionId}${path}`, method, body);
}

/** @param {Call} call @param {() => unknown} stop @returns {import("./browsers.mjs").Browser} */
function browserOf(call, stop) {
  const keys = (/** @type {string[]} */ values) => {
    const actions = values.flatMap((value) => ["keyDown", "keyUp"].map((type) => ({ type, value })));
    return call("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  };
  return {
    open: (url) => call("POST", "/url", { url }),
    run: (expression) => call("POST", "/execute/async", { script: scriptOf(expression), args: [] }),
    async click(selector) {
      const found = await call("POST", "/element", { using: "css selector", value: selector });
      await call("POST", `/element/${found[ELEMENT]}/click`, {});
    },
    resize: (width) => call("POST", "/window/rect", { width, height: 900 }),
    press: (key, times = 1) => keys(Array.from({ length: times }, () => KEYS[key] ?? key)),
    type: (text) => keys([...text]),
    close: () => call("DELETE", "").finally(stop),
  };
}

/** @param {string} expression */
const scriptOf = (expression) =>
  `const done = arguments[0]; Promise.resolve(${expression}).then(done, (e) => done("thrown: " + e));`;

/** @param {string} url @param {string} method @param {object} [body] */
async function ask(url, method, body) {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = /** @type {{ value: any }} */ (await response.json());
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

/** Until the driver is there. @param {string} base */
async function answering(base) {
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(`${base}/status`).catch(() => null)) return;
    await sleep(100);
  }
  throw new Error("WebKitWebDriver did not answer in 60 s");
}

/** Where Debian's package puts the browser, beside the library. */
async function miniBrowser() {
  const listing = spawn("sh", ["-c", "ls /usr/lib/*/webkit2gtk-4.*/MiniBrowser | head -1"]);
  return (await textOf(listing.stdout)).trim();
}
