// @ts-nocheck: Deno's types are its own.
/* global Deno */
// What sources.test.mjs runs in Deno: a real Deno KV in memory, the Cache API, files, and a process that ends.
import { createEngine } from "../../js/dist/deno.js";
import { cached, denoKvSource, liveEngine, poll, writeDenoKv } from "../../js/dist/source.js";
import { fileSource } from "../../js/dist/source/file.js";
import { followThrough, garbageIn } from "../../js/test/source-trouble.mjs";
import assert from "node:assert/strict";

const kv = await Deno.openKv(":memory:");
const key = ["flags", "snapshot"];
const source = denoKvSource(kv, key);
const create = (snapshot) => createEngine({ snapshot });
const chunks = async () => (await Array.fromAsync(kv.list({ prefix: key }))).map((entry) => entry.key);
/** @param {number} revision @param {number} size - in bytes, about. */
const sized = (revision, size) => JSON.stringify({ revision, "x-filler": "é".repeat(size / 2), flags: {} });
const textOf = async () => new TextDecoder().decode(await source.read());

{
  const key = ["trouble"];
  const chunk = async () => [...key, (await kv.get(key)).value.version, 0];
  const store = { source: denoKvSource(kv, key), put: (stored) => writeDenoKv(kv, key, stored) };
  await followThrough(createEngine, store, [
    ...garbageIn(store),
    ["no value", () => kv.delete(key), /holds no snapshot/],
    ["another's value", () => kv.set(key, "mine"), /not written by `writeDenoKv`/],
    ["a missing chunk", async () => kv.delete(await chunk()), /chunks missing/],
    ["a chunk of another type", async () => kv.set(await chunk(), "x"), /chunks missing/],
  ]);
}
{
  // Over 64 KiB a value must be cut, and with over ten chunks their order is not that of their texts.
  for (const size of [10, 60 << 10, 64 << 10, 2 << 20]) {
    const text = sized(1, size);
    await writeDenoKv(kv, key, text);
    assert.equal(await textOf(), text);
  }
}
{
  // Who has read the head of one version still finds its chunks after the next was written.
  await writeDenoKv(kv, key, sized(1, 200_000));
  const slow = Object.create(kv, {
    get: {
      value: async (asked) => {
        const head = await kv.get(asked);
        await writeDenoKv(kv, key, sized(2, 200_000));
        return head;
      },
    },
  });
  const read = await denoKvSource(bound(slow), key).read();
  assert.equal(JSON.parse(new TextDecoder().decode(read)).revision, 1);
  assert.equal(JSON.parse(await textOf()).revision, 2);
  // Four chunks now, and four of the version before; those before that are gone.
  await writeDenoKv(kv, key, sized(3, 200_000));
  assert.equal((await chunks()).length, 8);
}
{
  // Of writers at the same time one wins, and leaves a whole snapshot; the others clean up.
  const outcomes = await Promise.allSettled(
    [4, 5, 6].map((revision) => writeDenoKv(kv, key, sized(revision, 200_000))),
  );
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
  assert.match(String(outcomes.find(({ status }) => status === "rejected").reason), /somebody else wrote/);
  assert.equal((await textOf()).length, sized(4, 200_000).length);
  assert.equal((await chunks()).length, 8);
}
{
  // The next isolate begins with what this one kept, while the store hangs.
  const open = () => caches.open("pointsman-test");
  await writeDenoKv(kv, key, '{"revision":7,"flags":{"a":{"enabled":true}}}');
  const first = liveEngine({ source: cached(source, open), create });
  await first.get();
  while ((await (await open()).match("https://snapshot.invalid/snapshot")) === undefined) await Promise.resolve();
  const hanging = { read: () => new Promise(() => {}) };
  const next = liveEngine({ source: cached(hanging, open), create, timeout: 100 });
  const engine = await next.get();
  assert.deepEqual([engine.revision, engine.isEnabled("a", {})], [7, true]);
  assert.ok(engine.age >= 0);
  await next.refresh();
  await caches.delete("pointsman-test");
}
{
  // A poll keeps nothing alive: this program ends by itself.
  const path = new URL("../../demo/snapshot.json", import.meta.url);
  const live = liveEngine({ source: fileSource(path), create });
  poll(live, { interval: 3_600_000 });
  assert.ok((await live.get()).loaded.added.includes("new-checkout"));
}
kv.close();
console.log("ok: 6 parts");

/** Deno's methods have a `this` of their own. */
function bound(over) {
  return { get: over.get, list: (selector) => kv.list(selector) };
}
