/** What a trap leaves behind, in workerd: at each function of each call, under traffic, and where the memory is too small. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Response } from "miniflare";
import { createEngine } from "../../js/dist/node.js";
import { OUT_OF_BOUNDS, STACK_OVERFLOW, UNREACHABLE } from "./rig.mjs";
import { SECOND } from "./snapshot.mjs";
import { workerd } from "./workerd.mjs";

/** @type {import("miniflare").Miniflare} */
let miniflare;
before(async () => {
  miniflare = await workerd({}, async (request) => new Response(new URL(request.url).hostname.split(".")[0]));
});
after(() => miniflare.dispose());

const ask = async (path, headers = {}) => miniflare.dispatchFetch(`http://site.test${path}`, { headers });
const told = async (path) => /** @type {Promise<any>} */ ((await ask(path)).json());

/** How many of its functions are tried: a load runs through thousands. */
const STEPS = { judge: 3, load: 7 };
const CALLS = [
  "isEnabled",
  "value",
  "evaluate",
  "evaluateAll",
  "context",
  "explain",
  "route",
  "report",
  "judge",
  "drain",
  "merge",
  "apply",
  "load",
];

for (const call of CALLS) {
  test(`${call}: wherever it traps, the answer is a default and all that was in force still is`, async (t) => {
    const { calls, traps, wrong } = await told(`/__sweep?call=${call}&kind=${UNREACHABLE}&step=${STEPS[call] ?? 1}`);
    t.diagnostic(`${traps} traps in ${calls} calls of functions`);
    assert.deepEqual(wrong, []);
    assert.ok(traps > 50, `${traps} traps`);
  });
}

for (const [name, kind] of Object.entries({ OUT_OF_BOUNDS, STACK_OVERFLOW })) {
  test(`other ends of an instance are as good as a trap: ${name}`, async () => {
    for (const call of ["evaluate", "route", "load"]) {
      const { traps, wrong } = await told(`/__sweep?call=${call}&kind=${kind}&step=97`);
      assert.deepEqual(wrong, []);
      assert.ok(traps > 1, `${traps} traps`);
    }
  });
}

/** Where an engine that never traps sends them. */
const engine = await createEngine({ snapshot: SECOND });
const backendOf = (userId) => (engine.isEnabled("half", { userId }) ? "canary" : "stable");

/** @type {(userId: string, fuse?: number) => Promise<{ backend: string, fallback: boolean }>} */
async function visit(userId, fuse = 0) {
  const response = await ask("/any", { "x-user": userId, "x-fuse": String(fuse) });
  assert.equal(response.status, 200);
  return { backend: await response.text(), fallback: !/fallback=\?0/.test(String(response.headers.get("pointsman"))) };
}

const crowd = (count) => Array.from({ length: count }, (_, i) => `user-${i}`);
const minute = () => told("/__later?by=61000");

test("under traffic a trap costs its own request the fallback, and no other anything", async (t) => {
  await visit("user-0");
  const { traps, instances } = await told("/__state");
  for (let round = 1; round <= 10; round++) {
    await minute();
    const users = crowd(100);
    const answers = await Promise.all(users.map((user, i) => visit(user, i === 30 || i === 60 ? round : 0)));
    for (const [i, { backend, fallback }] of answers.entries()) {
      const hit = fallback && (i === 30 || i === 60);
      assert.deepEqual(
        { backend, fallback },
        { backend: hit ? "stable" : backendOf(users[i]), fallback: hit },
        users[i],
      );
    }
  }
  const then = await told("/__state");
  t.diagnostic(`1,000 requests, ${then.traps - traps} traps`);
  assert.ok(then.traps - traps > 10);
  assert.equal(then.instances - instances, then.traps - traps, "each trap is followed by one new instance");
});

test("three traps within a minute: the fallback for all, until the pause is over", async () => {
  await minute();
  await Promise.all([visit("user-1", 1), visit("user-2", 1), visit("user-3", 1)]);
  const { instances } = await told("/__state");
  const during = await Promise.all(crowd(50).map((user) => visit(user)));
  assert.ok(during.every(({ backend, fallback }) => backend === "stable" && fallback));
  assert.equal((await told("/__later?by=999")).instances, instances, "no instance is made in the pause");
  await told("/__later?by=1");
  const first = await visit("user-4");
  assert.deepEqual(first, { backend: "stable", fallback: true }, "who ends the pause still gets the fallback");
  const users = crowd(50);
  const later = await Promise.all(users.map((user) => visit(user)));
  assert.deepEqual(
    later,
    users.map((user) => ({ backend: backendOf(user), fallback: false })),
  );
});

test("contexts that were prepared before a trap decide the same after it, between other requests' awaits", async (t) => {
  const { traps, wrong, on } = await told("/__contexts?visitors=400");
  t.diagnostic(`${traps} traps among 400 visitors, ${on} of them on`);
  assert.deepEqual(wrong, []);
  assert.equal(traps, 400);
  assert.ok(on > 100 && on < 300);
});

test("a snapshot that memory has no room for is refused, however often, and the one in use stays", async (t) => {
  const small = await workerd({ maxBytes: 16 << 20 });
  try {
    const response = await small.dispatchFetch(`http://site.test/__overload?bytes=${12 << 20}`);
    const { codes, revision, traps, kept, next, works } = /** @type {any} */ (await response.json());
    t.diagnostic(`${codes.join(", ")}; ${traps} traps`);
    assert.deepEqual(codes, Array(5).fill("TRAPPED"));
    assert.deepEqual({ revision, kept, next, works }, { revision: 1, kept: true, next: 3, works: true });
  } finally {
    await small.dispose();
  }
});
