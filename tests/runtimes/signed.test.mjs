// Signed snapshots in a real workerd: what js/test/signed.test.mjs follows in Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { build } from "esbuild";
import { Miniflare } from "miniflare";
import { generateSigningKey, signSnapshot } from "../../js/dist/signature.js";
import { send, until } from "./router/client.mjs";
import { parseDictionary } from "./router/dictionary.mjs";
import { COMPATIBILITY, startEdge } from "./router/edge.mjs";
import { startOrigin } from "./router/origin.mjs";
import { snapshotOf } from "./router/snapshot.mjs";

const top = fileURLToPath(new URL("../../", import.meta.url));

const WORKER = `
  import { createEngine } from "./js/dist/workerd.js";
  import * as signatures from "./js/dist/signature.js";
  import * as sources from "./js/dist/source.js";
  import { refuseThrough } from "./js/test/signed-trouble.mjs";
  import { rotateThrough } from "./js/test/signed-rotation.mjs";
  import { takesForgery } from "./js/test/signed-forgery.mjs";
  const story = [createEngine, signatures, sources];
  export default { fetch: async () => Response.json({
    codes: await refuseThrough(...story), steps: await rotateThrough(...story), weak: await takesForgery(signatures),
  }) };`;

test("workerd's WebCrypto signs and verifies, nothing forged is loaded, and keys change without a gap", async () => {
  const { outputFiles } = await build({
    stdin: { contents: WORKER, resolveDir: top },
    bundle: true,
    external: ["*.wasm", "node:assert/strict"],
    format: "esm",
    write: false,
  });
  const runtime = new Miniflare({
    ...COMPATIBILITY,
    compatibilityFlags: [...COMPATIBILITY.compatibilityFlags, "nodejs_compat"],
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: outputFiles[0]?.text ?? "" },
      { type: "CompiledWasm", path: "pointsman.wasm", contents: readFileSync(`${top}js/dist/pointsman.wasm`) },
    ],
    cf: false,
  });
  try {
    const response = await runtime.dispatchFetch("http://localhost/");
    const { codes, steps, weak } = /** @type {any} */ (await response.json());
    assert.deepEqual([codes.length, steps.length], [8, 3]);
    assert.deepEqual(weak, { byWebCrypto: true, byUs: "TypeError" });
  } finally {
    await runtime.dispose();
  }
});

test("a handler's copy in the Cache API is verified, and no cold isolate takes what is older", async () => {
  const key = await generateSigningKey();
  const [store, stable] = await Promise.all(["store", "stable"].map(startOrigin));
  const edge = await startEdge("signed-worker.mjs", { STORE: store.url, FLAGS_KEY: key.x });
  const now = Date.now();
  const served = async (/** @type {number} */ revision, signer = key) => {
    const text = JSON.stringify({ revision, ...snapshotOf({ stable: stable.url, canary: stable.url }) });
    const signature = await signSnapshot(text, signer, { now: now + revision });
    return () =>
      store.on("/", (_, response) => response.writeHead(200, { "pointsman-signature": signature }).end(text));
  };
  const ask = async (/** @type {string} */ isolate) => {
    const { status, headers } = await send(`${edge.url}/shop/a`, { headers: { "x-isolate": isolate } });
    return status === 200 ? parseDictionary(String(headers.pointsman)).revision : status;
  };
  try {
    (await served(2))();
    assert.equal(await ask("a"), 2);
    const forged = await served(3, await generateSigningKey());
    // It was signed well in its time, but a cold isolate knows by the copy that there was a newer one.
    const older = await served(1);
    for (const [trouble, told] of /** @type {const} */ ([
      [forged, "UNKNOWN_KEY"],
      [older, "STALE_SIGNATURE"],
    ])) {
      trouble();
      const isTold = async () => [await ask("a"), await ask(told), edge.log().includes(told)];
      assert.deepEqual(await until(isTold, ([, , found]) => found === true, 5_000), [2, 2, true]);
    }
  } finally {
    await Promise.all([edge.stop(), store.close(), stable.close()]);
  }
});
