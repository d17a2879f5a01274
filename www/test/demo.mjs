import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./ports.mjs";

const DEMO = new URL("../../demo/", import.meta.url);

/**
 * The demo as it is shipped, at other ports.
 * @returns {Promise<{ url: string, stop: () => Promise<unknown> }>}
 */
export async function startDemo() {
  const folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, PORT: new URL(url).port, SNAPSHOT: await snapshotIn(folder) };
  const child = spawn(process.execPath, [fileURLToPath(new URL("main.mjs", DEMO))], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const stop = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    await rm(folder, { recursive: true });
  };
  let said = "";
  child.stdout.on("data", (part) => (said += part));
  while (!said.includes(`ready ${url}\n`) && child.exitCode === null) await sleep(50);
  assert.equal(child.exitCode, null, said);
  return { url, stop };
}

/** @param {string} folder */
async function snapshotIn(folder) {
  const snapshot = JSON.parse(await readFile(new URL("snapshot.json", DEMO), "utf8"));
  for (const backend of Object.values(snapshot.backends)) backend.origin = `http://127.0.0.1:${await freePort()}`;
  const file = join(folder, "snapshot.json");
  await writeFile(file, JSON.stringify(snapshot));
  return file;
}
