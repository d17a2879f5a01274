// The demo's page: break the canary by its buttons, and it is withdrawn before one's eyes; mend it, and it stays so.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startChromium } from "./browsers.mjs";
import { AXE, violations } from "./axe.mjs";
import { freePort } from "./ports.mjs";
import { until } from "./until.mjs";

const DEMO = new URL("../../demo/", import.meta.url);
const GUARD = "document.querySelector('main').lastElementChild.textContent";
const ORDERS = "document.querySelector('[aria-label=\"Orders in force\"]').textContent";

/** @type {string} */
let folder;
/** @type {string} */
let url;
/** @type {import("node:child_process").ChildProcess} */
let demo;
/** @type {Awaited<ReturnType<typeof startChromium>>} */
let chromium;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  url = `http://127.0.0.1:${await freePort()}`;
  demo = await startDemo();
  chromium = await startChromium();
  await chromium.browser.open(`${url}/__pointsman/`);
});
after(async () => {
  await chromium?.browser.close();
  demo?.kill("SIGTERM");
  if (demo?.exitCode === null) await once(demo, "exit");
  await rm(folder, { recursive: true });
});

/** The demo as it is shipped, at other ports. */
async function startDemo() {
  const snapshot = JSON.parse(await readFile(new URL("snapshot.json", DEMO), "utf8"));
  for (const backend of Object.values(snapshot.backends)) backend.origin = `http://127.0.0.1:${await freePort()}`;
  const file = join(folder, "snapshot.json");
  await writeFile(file, JSON.stringify(snapshot));
  const env = { ...process.env, PORT: new URL(url).port, SNAPSHOT: file };
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.mjs", DEMO))], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (part) => (said += part));
  while (!said.includes(`ready ${url}\n`) && child.exitCode === null) await sleep(50);
  assert.equal(child.exitCode, null, said);
  return child;
}

/** Who answers a visitor. @param {string} id */
async function originOf(id) {
  const answer = await fetch(`${url}/`, { headers: { cookie: `uid=${id}` } });
  await answer.text();
  return answer.headers.get("x-origin");
}

test("break withdraws the canary before one's eyes, and mend does not bring it back", async () => {
  const { browser } = chromium;
  await until(browser, ORDERS, (text) => text === "The canary is in service.");
  await browser.click("#load");
  await until(browser, GUARD, (text) => /^Guardok new-checkout on: ok: since/.test(text), 60_000);
  await browser.click("#break");
  await until(browser, "document.body.textContent", (text) => text.includes("It fails 20 % on purpose."));
  await until(browser, ORDERS, (text) => text.startsWith("In force: rollback of new-checkout on: since "), 60_000);
  // The site itself: alice is listed, and is with everybody else on stable again, once the worker has reported and heard of it.
  while ((await originOf("alice")) !== "stable") await sleep(100);
  await browser.click("#mend");
  await until(browser, "document.body.textContent", (text) => !text.includes("on purpose"));
  assert.match(await browser.run(ORDERS), /^In force: rollback/);
  await browser.click("#load");
  await until(browser, "document.querySelector('#load').textContent", (text) => text.startsWith("Load"));
});

test("axe finds nothing, in both themes", async () => {
  for (const value of ["light", "dark"]) {
    await chromium.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]);
    await chromium.page.evaluate(AXE);
    assert.deepEqual(await violations(chromium.browser), []);
  }
});

test("pages of other origins can give no commands", async () => {
  for (const origin of ["https://evil.example", undefined]) {
    const response = await fetch(`${url}/__pointsman/break`, { method: "POST", headers: origin ? { origin } : {} });
    assert.equal(response.status, 403);
  }
  const { origins } = /** @type {any} */ (await (await fetch(`${url}/__pointsman/state`)).json());
  assert.deepEqual(origins.map((/** @type {any} */ one) => one.failing), [0, 0]); // prettier-ignore
});

test("nothing but the site's files is handed out", async () => {
  for (const path of ["..%2fpackage.json", "playground/..%2f..%2fpackage.json", "nothing.js"]) {
    assert.equal((await fetch(`${url}/__pointsman/${path}`)).status, 404, path);
  }
});

test("the playground stands beside it", async () => {
  const { browser } = chromium;
  await browser.open(await browser.run("document.querySelector('header a').href"));
  await until(browser, "document.querySelector('.problems')?.textContent ?? ''", (text) =>
    text.includes("No problems"),
  );
  assert.equal(await browser.run("location.pathname"), "/__pointsman/playground/");
  assert.deepEqual(browser.errors?.(), []);
});
