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
import { rotateThrough } from "./signed-rotation.mjs";
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
  // What was refused is asked for anew, whatever its tag.
  assert.deepEqual(told, [200, 304, 200, 200]);
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
  assert.equal((await rotateThrough(createEngine, signatures, sources)).length, 3);
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
  const [first, second] = /** @type {any[]} */ ([await source.read(), await source.read()]);
  assert.deepEqual(first, { snapshot: bytes, age: 7, signature });
  assert.equal(second.snapshot, first.snapshot);
});

test("bytes that their source changes once they are verified, or in the midst of it", async () => {
  const good = Buffer.from(text(1));
  const bytes = Buffer.from(good);
  const signature = await sign(1);
  const forge = () => void bytes.write(text(9));
  const source = signed({ read: async () => ({ snapshot: bytes, age: 0, signature }) }, { keys: [key.x] });
  const reading = source.read();
  // By then WebCrypto is at it, or has just been.
  await new Promise(setImmediate);
  forge();
  const { snapshot } = /** @type {any} */ (await reading);
  assert.deepEqual(Buffer.from(snapshot), good);
  assert.equal(await revisionOf(source), 1, "given again, it is what was verified that counts");
});

test("a source of objects: one that passes itself off for signed bytes is no snapshot", async () => {
  const bytes = Buffer.from(text(1));
  const forged = { ...Array.from(bytes), length: bytes.length, revision: 9, flags: { a: { enabled: true } } };
  const stored = /** @type {any} */ ({ snapshot: forged, age: 0, signature: await sign(1) });
  assert.match(String(await revisionOf(signed({ read: async () => stored }, { keys: [key.x] }))), /text or bytes/);
});

test("a forgery under the tag of what comes next does not stand in its way", async () => {
  let answer = { body: text(1), signature: await sign(1), etag: '"1"' };
  const statuses = /** @type {number[]} */ ([]);
  store.on("/tagged", ({ headers }, response) => {
    const status = headers["if-none-match"] === answer.etag ? 304 : 200;
    statuses.push(status);
    // As many servers do: a 304 without the signature.
    const more = status === 304 ? {} : { "pointsman-signature": answer.signature };
    response.writeHead(status, { etag: answer.etag, ...more }).end(status === 304 ? undefined : answer.body);
  });
  const { open } = memoryCache();
  const source = signed(cached(httpSource(`${store.url}/tagged`), open), { keys: [key.x] });
  assert.equal(await revisionOf(source), 1);
  answer = { body: text(9), signature: await sign(1), etag: '"2"' };
  assert.equal(await revisionOf(source), "INVALID_SIGNATURE");
  answer = { body: text(2), signature: await sign(2), etag: '"2"' };
  assert.equal(await revisionOf(source), 2);
  assert.equal(await revisionOf(source), 2);
  assert.deepEqual(statuses, [200, 200, 200, 304]);
});

test("reads at the same time: once a newer one has passed, an older one does not", async () => {
  const answers = [await sign(2), await sign(1)].map((signature, at) => ({
    snapshot: text(2 - at),
    age: 0,
    signature,
  }));
  const release = /** @type {(() => void)[]} */ ([]);
  const gate = () => new Promise((resolve) => release.push(() => resolve(undefined)));
  const order = [...answers];
  const read = async () => {
    const answer = order.shift();
    await gate();
    return answer ?? null;
  };
  const source = signed(/** @type {any} */ ({ read }), { keys: [key.x] });
  const [newer, older] = [revisionOf(source), revisionOf(source)];
  release[0]?.();
  assert.equal(await newer, 2);
  release[1]?.();
  assert.equal(await older, "STALE_SIGNATURE");
});

test("a clock that is set back opens no way for what is older", async () => {
  let [time, revision] = [now + 5_000, 2];
  const signedAs = {
    1: await sign(1, key, now),
    2: await sign(2, key, now + 5_000),
    3: await sign(3, key, now + 6_000),
  };
  const read = async () => ({
    snapshot: text(revision),
    age: 0,
    signature: signedAs[/** @type {1 | 2 | 3} */ (revision)],
  });
  const source = signed({ read }, { keys: [key.x], maxAge: 3_600_000, clock: () => time });
  assert.equal(await revisionOf(source), 2);
  [time, revision] = [now, 1];
  assert.equal(await revisionOf(source), "STALE_SIGNATURE");
  [time, revision] = [now - 3_600_000, 3];
  assert.equal(await revisionOf(source), "FUTURE_SIGNATURE");
  // What was refused has moved nothing: with the clock right again, both are what they were.
  [time, revision] = [now + 6_000, 2];
  assert.equal(await revisionOf(source), 2);
  revision = 3;
  assert.equal(await revisionOf(source), 3);
});

test("a runtime without Ed25519 says so", async (t) => {
  // What browsers of before 2024 throw; no runtime here is as old.
  const importKey = async () => Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
  const stored = { snapshot: text(1), age: 0, signature: await sign(1) };
  t.mock.method(crypto.subtle, "importKey", importKey);
  assert.equal(await revisionOf(signed({ read: async () => stored }, { keys: [key.x] })), "NO_ED25519");
});
