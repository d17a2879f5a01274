// The demo's commands: break the canary, and it is withdrawn; mend it, and it stays so. A process of its own, as a visitor of the README has it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { send, until } from "./router/client.mjs";
import { closedPort } from "./router/origin.mjs";

const MAIN = fileURLToPath(new URL("../../demo/main.mjs", import.meta.url));
const SNAPSHOT = new URL("../../demo/snapshot.json", import.meta.url);

/** @type {string} */
let folder;
/** @type {string} */
let url;
/** @type {import("node:child_process").ChildProcessWithoutNullStreams} */
let demo;
let output = "";

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  const snapshot = JSON.parse(await readFile(SNAPSHOT, "utf8"));
  for (const backend of Object.values(snapshot.backends)) backend.origin = `http://127.0.0.1:${await closedPort()}`;
  await writeFile(join(folder, "snapshot.json"), JSON.stringify(snapshot));
  const port = await closedPort();
  url = `http://127.0.0.1:${port}`;
  const env = { ...process.env, PORT: String(port), SNAPSHOT: join(folder, "snapshot.json") };
  demo = spawn(process.execPath, [MAIN], { env });
  for (const stream of [demo.stdout, demo.stderr]) stream.on("data", (chunk) => (output += chunk));
  await said(`ready ${url}`, 20_000);
});
after(async () => {
  demo?.kill("SIGTERM");
  if (demo?.exitCode === null) await once(demo, "exit");
  await rm(folder, { recursive: true });
});

/** @param {string} text @param {number} patience */
const said = (text, patience) =>
  until(
    async () => output,
    (all) => all.includes(text),
    patience,
  );

/** Gives a command, and what is said after it. @param {string} command @param {string} answer */
async function tell(command, answer, patience = 2_000) {
  output = "";
  demo.stdin.write(`${command}\n`);
  await said(answer, patience);
  return output;
}

/** Asks for the status until it says this. @param {string} text */
const status = (text) =>
  until(
    () => tell("status", "new-checkout on: "),
    (told) => told.includes(text),
    40_000,
  );

const origin = async (/** @type {string} */ user) =>
  (await send(url, { headers: { cookie: `uid=${user}` } })).headers["x-origin"];

test("break withdraws the canary, mend doesn't bring it back, and nonsense is answered with help", async () => {
  assert.match(await tell("nonsense", "status "), /break \[percent\] .*\n {2}mend/);
  demo.stdin.write("load 300\n");
  await status("new-checkout on: ok");
  assert.equal(await origin("alice"), "canary");
  await tell("break 30", "canary fails 30 % of its requests");
  await said("pointsman: rollback of new-checkout on: since ", 30_000);
  await until(() => origin("alice"), (name) => name === "stable"); // prettier-ignore
  await tell("mend", "canary is mended");
  await status("in force: rollback of new-checkout on");
  assert.equal(await origin("alice"), "stable");
  await tell("load 0\nstatus", "stable has answered");
});
