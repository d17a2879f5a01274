// The example for Cloudflare Workers, bundled as wrangler bundles it, in workerd.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Log, LogLevel, Miniflare } from "miniflare";
import { send } from "../runtimes/router/client.mjs";
import { bundled } from "./bundle.mjs";
import { ELSEWHERE } from "./snapshot.mjs";
import { over, tell } from "./story.mjs";
import { startWorld } from "./world.mjs";

tell("cloudflare", start, { knowsClients: false, unmatched: toZone });

/** A worker's `fetch` of its own zone goes to the zone's origin: here one that the request's host names. */
async function toZone(ask, { stable }) {
  const { headers, text } = await ask("/elsewhere", { headers: { host: new URL(stable.url).host } });
  assert.deepEqual([headers["x-origin"], headers.pointsman, JSON.parse(text).url], ["stable", undefined, "/elsewhere"]);
}

test("cloudflare: what Cloudflare itself says of a client counts", async () => {
  const world = await startWorld();
  const edge = await start();
  try {
    await edge.put(world.snapshot());
    // Cloudflare sets this one over whatever a client sent; this test is in Cloudflare's place.
    const { headers } = await send(`${edge.url}/elsewhere/`, { headers: { "cf-connecting-ip": ELSEWHERE } });
    assert.equal(headers["x-origin"], "canary");
  } finally {
    await edge.stop();
    await world.close();
  }
});

async function start() {
  let log = "";
  const { code, wasm } = await bundled("examples/cloudflare/worker.mjs", "workerd");
  const miniflare = new Miniflare({
    cf: false,
    log: new Log(LogLevel.ERROR),
    handleRuntimeStdio: (...streams) => streams.forEach((stream) => stream.on("data", (chunk) => void (log += chunk))),
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: code },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: wasm },
    ],
    compatibilityDate: "2026-07-01",
    compatibilityFlags: ["enable_request_signal"],
    kvNamespaces: ["SNAPSHOTS"],
    unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
  });
  const url = (await miniflare.unsafeGetDirectURL()).origin;
  const put = async (text) => {
    const kv = /** @type {{ put(key: string, text: string): Promise<void> }} */ (
      /** @type {unknown} */ (await miniflare.getKVNamespace("SNAPSHOTS"))
    );
    await kv.put("snapshot.json", text);
  };
  return {
    url,
    ask: over(url),
    log: () => log,
    put: (snapshot) => put(JSON.stringify(snapshot)),
    fail: () => put('{ "flags":'),
    stop: () => miniflare.dispose(),
  };
}
