/** Sources whose snapshots are signed: what is refused, where signatures are found, how keys change, what a cold start knows. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Miniflare } from "miniflare";
import { startOrigin } from "../../tests/runtimes/router/origin.mjs";
import { createEngine } from "../dist/node.js";
import * as signatures from "../dist/signature.js";
import * as sources from "../dist/source.js";
import { fileSource } from "../dist/source/file.js";
import { refuseThrough } from "./signed-trouble.mjs";

const { generateSigningKey, signSnapshot } = signatures;
const { cached, httpSource, kvSource, liveEngine, signed } = sources;

const key = await generateSigningKey();
const next = await generateSigningKey();
const now = 1_772_442_000_000;
const text = (/** @type {number} */ revision) => JSON.stringify({ revision, flags: { a: { enabled: true } } });
const sign = (/** @type {number} */ revision, by = key, at = now + revision) =>
  signSnapshot(text(revision), by, { now: at });

/** @type {import("../../tests/runtimes/router/origin.mjs").Origin} */
let store;
before(async () => void (store = await startOrigin("store")));
after(() => store.close());

/** The revision that a source gives, or the code of its error. @param {import("../dist/source.js").SnapshotSource} source */
async function revisionOf(source) {
  try {
    const { snapshot } = /** @type {{ snapshot: Uint8Array }} */ (await source.read());
    return JSON.parse(new TextDecoder().decode(snapshot)).revision;
  } catch (error) {
    return /** @type {{ code?: string }} */ (error).code ?? String(error);
  }
}

test("whatever is not signed is never loaded, and the last good one stays", async () => {
  const codes = await refuseThrough(createEngine, signatures, sources);
  assert.equal(codes.length, 8);
});

test("over HTTP a signature comes in a header; a 304 may bring a newer one", async () => {
  let file = { revision: 1, signature: await sign(1) };
  const told = /** @type {number[]} */ ([]);
  store.on("/flags.json", ({ headers }, response) => {
    const status = headers["if-none-match"] === `"${file.revision}"` ? 304 : 200;
    told.push(status);
    const head = { etag: `"${file.revision}"`, "pointsman-signature": file.signature };
    response.writeHead(status, head).end(status === 200 ? text(file.revision) : undefined);
  });
  let time = now;
  const options = { keys: [key.x], maxAge: 1_000, clock: () => time };
  const source = signed(httpSource(`${store.url}/flags.json`), options);
  assert.equal(await revisionOf(source), 1);
  time = now + 2_000;
  assert.equal(await revisionOf(source), "EXPIRED_SIGNATURE");
  file = { revision: 1, signature: await sign(1, key, time) };
  assert.equal(await revisionOf(source), 1);
  file = { revision: 2, signature: await sign(1, key, time) };
  assert.equal(await revisionOf(source), "INVALID_SIGNATURE");
  assert.deepEqual(told, [200, 304, 304, 200]);
});

test("or it lies beside the snapshot: at an address, in a file, in KV", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pointsman-"));
  const runtime = new Miniflare({ modules: true, script: "export default {}", kvNamespaces: ["STORE"], cf: false });
  try {
    const kv = /** @type {any} */ (await runtime.getKVNamespace("STORE"));
    const path = join(folder, "snapshot.json");
    const serve = (name, body) => store.on(name, (_, response) => response.end(body));
    for (const [
      source,
      signature,
      put,
    ] of /** @type {[import("../dist/source.js").SnapshotSource, import("../dist/source.js").SnapshotSource, (name: string, text: string) => unknown][]} */ ([
      [
        httpSource(`${store.url}/s`),
        httpSource(`${store.url}/s.sig`),
        (name, body) => serve(name === "" ? "/s" : "/s.sig", body),
      ],
      [fileSource(path), fileSource(`${path}.sig`), (name, body) => writeFile(path + name, body)],
      [kvSource(kv, "s"), kvSource(kv, "s.sig"), (name, body) => kv.put(`s${name}`, body)],
    ])) {
      // prettier-ignore
      const both = signed(source, { keys: [key.x], signature });
      await put("", text(1));
      assert.notEqual(await revisionOf(both), 1);
      await put(".sig", `${await sign(1)}\n`);
      assert.equal(await revisionOf(both), 1);
      // The signature of the next one is published first, beside that of this one: at no time is anything refused.
      await put(".sig", `${await sign(2)}\n${await sign(1)}\n`);
      assert.equal(await revisionOf(both), 1);
      await put("", text(2));
      assert.equal(await revisionOf(both), 2);
      await put(".sig", "junk");
      assert.equal(await revisionOf(both), "INVALID_SIGNATURE");
    }
  } finally {
    await runtime.dispose();
    await rm(folder, { recursive: true });
  }
});

test("keys change without a gap: edges learn the new key, then it signs, then they forget the old one", async () => {
  const given = { age: 0, snapshot: "", signature: "" };
  const edges = [[key.x], [key.x, next.x], [next.x]].map((keys) =>
    signed({ read: async () => ({ ...given }) }, { keys }),
  );
  const seen = async (revision, ...by) => {
    given.snapshot = text(revision);
    given.signature = (await Promise.all(by.map((one) => sign(revision, one)))).join("\n");
    return Promise.all(edges.map(revisionOf));
  };
  assert.deepEqual(await seen(1, key), [1, 1, "UNKNOWN_KEY"]);
  assert.deepEqual(await seen(2, key, next), [2, 2, 2]);
  assert.deepEqual(await seen(3, next), ["UNKNOWN_KEY", 3, 3]);
});

/** A cache as of the Cache API, in memory. */
function memoryCache() {
  const kept = new Map();
  const cache = {
    match: async (/** @type {string} */ name) => kept.get(name)?.clone(),
    put: async (/** @type {string} */ name, /** @type {Response} */ response) => void kept.set(name, response),
  };
  return { kept, open: async () => cache };
}

test("a copy is verified too, and a cold isolate takes nothing older than it", async () => {
  const { kept, open } = memoryCache();
  let stored = { snapshot: text(2), age: 0, signature: `${await sign(2)}\n${await sign(2, next)}` };
  const isolate = (keys = [key.x, next.x]) => signed(cached({ read: async () => stored }, open), { keys });
  const live = liveEngine({ source: isolate(), create: (snapshot) => createEngine({ snapshot }) });
  assert.equal((await live.get()).revision, 2);
  while (kept.size === 0) await new Promise(setImmediate);

  // Whoever has the store puts the old one back, which was signed well in its time.
  stored = { snapshot: text(1), age: 0, signature: await sign(1) };
  assert.equal(await revisionOf(isolate()), "STALE_SIGNATURE");
  assert.equal(await revisionOf(isolate([key.x])), "STALE_SIGNATURE");
  const errors = /** @type {any[]} */ ([]);
  const cold = liveEngine({
    source: isolate(),
    create: (snapshot) => createEngine({ snapshot }),
    onError: (error) => errors.push(/** @type {{ code?: string }} */ (error).code),
  });
  assert.equal((await cold.get()).revision, 2);
  await cold.refresh();
  assert.deepEqual([cold.current()?.revision, errors], [2, ["STALE_SIGNATURE"]]);

  const [[name, copy]] = kept;
  kept.set(name, new Response(text(99), { headers: copy.headers }));
  await assert.rejects(Promise.resolve(isolate().copy?.recall()), { code: "INVALID_SIGNATURE" });
  assert.equal(await revisionOf(isolate()), 1, "a copy that is no good stands in nobody's way");
});

test("a copy whose cache hangs keeps nobody", async () => {
  const stored = { snapshot: text(1), age: 0, signature: await sign(1) };
  const hang = () => new Promise(() => {});
  const source = signed(cached({ read: async () => stored }, /** @type {any} */ (hang)), { keys: [key.x] });
  assert.equal(await revisionOf(source), 1);
});

test("what is no key is an error of reading, and not of starting", async () => {
  const stored = { snapshot: text(1), age: 0, signature: await sign(1) };
  for (const keys of [[], [undefined], ["short"], [key], undefined]) {
    const source = signed({ read: async () => stored }, /** @type {any} */ ({ keys }));
    assert.match(String(await revisionOf(source)), /key/, JSON.stringify(keys));
  }
});

test("unchanged bytes with an unchanged signature are handed on as the same array, for the engine to see", async () => {
  const bytes = new TextEncoder().encode(text(1));
  const signature = await sign(1);
  const source = signed({ read: async () => ({ snapshot: bytes, age: 7, signature }) }, { keys: [key.x] });
  const [first, second] = [await source.read(), await source.read()];
  assert.deepEqual(first, { snapshot: bytes, age: 7, signature });
  const same = /** @type {any} */ (second).snapshot;
  assert.ok(same === /** @type {any} */ (first).snapshot && same === bytes);
});

test("a runtime without Ed25519 says so", async (t) => {
  // What browsers of before 2024 throw; no runtime here is as old.
  const importKey = async () => Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  const stored = { snapshot: text(1), age: 0, signature: await sign(1) };
  t.mock.method(crypto.subtle, "importKey", importKey);
  assert.equal(await revisionOf(signed({ read: async () => stored }, { keys: [key.x] })), "NO_ED25519");
});
