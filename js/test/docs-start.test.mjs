// docs/start.md and docs/from-hand-written-flags.md, lived through; and what the commands in these and in the README print.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Miniflare } from "miniflare";
import { bundled } from "../../tests/platforms/bundle.mjs";
import { closedPort } from "../../tests/runtimes/router/origin.mjs";
import { rewritten } from "./console.mjs";
import { blocks, page } from "./documents.mjs";

/** The page's ports, and free ones in their places; asked for before the first test, after which the folder would go while this file still waits. */
const ports = {
  9001: String(await closedPort()),
  9002: String(await closedPort()),
  8080: String(await closedPort()),
};

const js = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "pointsman-"));
mkdirSync(join(folder, "node_modules"));
symlinkSync(js, join(folder, "node_modules/pointsman"));
/** @type {import("node:child_process").ChildProcess[]} */
const started = [];

after(async () => {
  for (const child of started) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  rmSync(folder, { recursive: true });
});

for (const name of ["README.md", "docs/start.md", "docs/from-hand-written-flags.md"]) {
  test(`${name} shows what the commands print`, () => {
    const text = page(name);
    assert.match(text, /^\$ .*npx pointsman check/m);
    assert.equal(rewritten(text), text);
  });
}

const start = page("docs/start.md");
const [origins, server, worker] = blocks(start, "js");
const [snapshot, wrangler] = blocks(start, "json");

/** @param {string} text */
const moved = (text) => Object.entries(ports).reduce((moving, [from, to]) => moving.replaceAll(from, to), text);

/** @param {string} name @param {string} text */
function write(name, text) {
  writeFileSync(join(folder, name), moved(text));
}

/** @param {string} name */
function run(name) {
  started.push(spawn(process.execPath, [name], { cwd: folder, stdio: "inherit" }));
}

/** Of whoever answers soon. @param {(uid: string) => Promise<{ text(): Promise<string> }>} ask */
async function answers(ask) {
  for (let tries = 0; ; tries += 1) {
    try {
      const texts = [];
      for (const user of ["alice", "trent", "carol"]) texts.push((await (await ask(`uid=${user}`)).text()).trim());
      return texts;
    } catch (error) {
      if (tries === 200) throw error;
      await sleep(50);
    }
  }
}

/** What the page says they get. */
const told = [...start.matchAll(/^\$ curl -b uid=\w+ .*\n(.*)/gm)].map(([, answer]) => answer);

test("the page's server in Node answers as the page says", async () => {
  assert.equal(told.length, 3);
  write("origins.mjs", origins);
  write("server.mjs", server);
  write("snapshot.json", snapshot);
  run("origins.mjs");
  await answers(() => fetch(`http://127.0.0.1:${ports[9001]}/`));
  await answers(() => fetch(`http://127.0.0.1:${ports[9002]}/`));
  run("server.mjs");
  assert.deepEqual(await answers((cookie) => fetch(`http://127.0.0.1:${ports[8080]}/`, { headers: { cookie } })), told);
});

test("the page's worker answers the same in workerd, by the settings of its wrangler.json", async () => {
  write("worker.mjs", worker);
  const { code, wasm } = await bundled("worker.mjs", "workerd", { absWorkingDir: folder });
  const settings = JSON.parse(wrangler);
  const runtime = new Miniflare({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: code },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: wasm },
    ],
    cf: false,
    compatibilityDate: settings.compatibility_date,
    compatibilityFlags: settings.compatibility_flags,
    kvNamespaces: [settings.kv_namespaces[0].binding],
  });
  try {
    const kv = await runtime.getKVNamespace(settings.kv_namespaces[0].binding);
    await kv.put("snapshot.json", moved(snapshot));
    const ask = (/** @type {string} */ cookie) => runtime.dispatchFetch("http://localhost/", { headers: { cookie } });
    assert.deepEqual(await answers(ask), told);
  } finally {
    await runtime.dispose();
  }
});
