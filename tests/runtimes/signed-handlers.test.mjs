// The handlers of docs/signed-snapshots.md as they stand there: Cloudflare's in workerd with KV, Node's in Node.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { generateSigningKey, signSnapshot } from "../../js/dist/signature.js";
import { until } from "./router/client.mjs";
import { COMPATIBILITY } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";

const js = fileURLToPath(new URL("../../js/", import.meta.url));
const page = readFileSync(new URL("../../docs/signed-snapshots.md", import.meta.url), "utf8");
const blocks = Array.from(page.matchAll(/^```js\n([^]*?)^```$/gm), ([, block = ""]) => block);
const exampleFor = (/** @type {string} */ platform) =>
  blocks.find((block) => block.includes(`"pointsman/${platform}"`)) ?? "";

const [key, other] = [await generateSigningKey(), await generateSigningKey()];
/** @type {Awaited<ReturnType<typeof startOrigin>>} */
let stable, zone, store;
before(async () => {
  [stable, zone, store] = await Promise.all(["stable", "zone", "store"].map(startOrigin));
  stable.on("/shop/a", (_, response) => response.end("stable answers"));
  zone.on("/shop/a", (_, response) => response.end("zone answers"));
});
after(() => Promise.all([stable, zone, store].map((origin) => origin.close())));

/** A snapshot that sends everybody to `stable`, and its signature. @param {typeof key} signer */
async function published(signer) {
  const snapshot = JSON.stringify(snapshotOf({ stable: stable.url, canary: stable.url }));
  return { snapshot, signature: await signSnapshot(snapshot, signer) };
}

/** What the worker answers a cold isolate's first request. @param {typeof key} signer */
async function fromWorkerd(signer) {
  const { outputFiles } = await build({
    stdin: { contents: exampleFor("cloudflare"), resolveDir: js },
    bundle: true,
    conditions: ["workerd"],
    external: ["*.wasm"],
    format: "esm",
    write: false,
  });
  const runtime = new Miniflare({
    ...COMPATIBILITY,
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: readFileSync(`${js}dist/pointsman.wasm`) },
    ],
    bindings: { FLAGS_KEY: key.x },
    kvNamespaces: ["SNAPSHOTS"],
    cf: false,
  });
  try {
    const { snapshot, signature } = await published(signer);
    const kv = /** @type {any} */ (await runtime.getKVNamespace("SNAPSHOTS"));
    await Promise.all([kv.put("snapshot.json", snapshot), kv.put("snapshot.json.sig", `${signature}\n`)]);
    return await (await runtime.dispatchFetch(`${zone.url}/shop/a`)).text();
  } finally {
    await runtime.dispose();
  }
}

test("Cloudflare: what is signed is followed, and a forgery leaves the zone's own origin", async () => {
  assert.equal(await fromWorkerd(key), "stable answers");
  assert.equal(await fromWorkerd(other), "zone answers");
});

/** @param {string} socketPath @returns {Promise<{ status: number | undefined, body: string }>} */
function asked(socketPath) {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: "/shop/a", headers: { host: "shop.example" } });
    asking.on("response", async (response) => resolve({ status: response.statusCode, body: await textOf(response) }));
    asking.on("error", reject).end();
  });
}

/** What the server answers its first request. @param {typeof key} signer */
async function fromNode(signer) {
  const { snapshot, signature } = await published(signer);
  store.on("/snapshot.json", (_, response) => response.end(snapshot));
  store.on("/snapshot.json.sig", (_, response) => response.end(signature));
  const folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  // A port by a name: a socket that nobody else has.
  const PORT = join(folder, "port");
  const env = { ...process.env, PORT, FLAGS_URL: `${store.url}/snapshot.json`, FLAGS_KEY: key.x };
  // The package is found from here.
  const args = ["--input-type=module", "-e", exampleFor("node")];
  const server = spawn(process.execPath, args, { cwd: js, env, stdio: ["ignore", "inherit", "pipe"] });
  const log = textOf(server.stderr);
  try {
    const answer = await until(() => asked(PORT).catch(() => null), (given) => given !== null, 10_000); // prettier-ignore
    server.kill();
    return { ...answer, log: await log };
  } finally {
    if (server.exitCode === null && server.signalCode === null)
      await Promise.all([once(server, "exit"), server.kill()]);
    await rm(folder, { recursive: true });
  }
}

test("Node: what is signed is followed, and of a forgery nothing is served", async () => {
  const good = await fromNode(key);
  assert.deepEqual([good.status, good.body], [200, "stable answers"]);
  const forged = await fromNode(other);
  assert.equal(forged.status, 503);
  assert.match(forged.log, /SignatureError: .*not known here/);
});
