// Several isolates in a real workerd, two real origins, one Durable Object: a canary that breaks is withdrawn everywhere.
import assert from "node:assert/strict";
import { Agent } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { send, until } from "./router/client.mjs";
import { startFleet } from "./router/fleet.mjs";
import { startOrigin } from "./router/origin.mjs";

const ISOLATES = 4;
const FOR = 5_000;
const SLOT = 1_000;

/** @type {import("./router/fleet.mjs").Fleet} */
let fleet;
/** @type {import("./router/origin.mjs").Origin} */
let stable;
/** @type {import("./router/origin.mjs").Origin} */
let canary;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** @param {number} revision @param {number} generation */
const snapshot = (revision, generation) => ({
  revision,
  flags: {
    checkout: {
      enabled: true,
      rolloutPercentage: 25,
      guard: { errorRate: { max: 0.01 }, window: "30s", for: "5s", slot: "1s", generation },
    },
  },
  backends: { stable: { origin: stable.url }, canary: { origin: canary.url } },
  routes: [
    { name: "shop", match: {}, flag: "checkout", backends: { on: "canary", off: "stable" }, fallback: "stable" },
  ],
});

before(async () => {
  [stable, canary] = await Promise.all([startOrigin("stable"), startOrigin("canary")]);
  fleet = await startFleet(ISOLATES);
  await fleet.put(snapshot(1, 1));
});
after(async () => {
  agent.destroy();
  await fleet?.stop();
  await Promise.all([stable.close(), canary.close()]);
});

/** What share of the canary's requests fail. */
let failing = 0;
let requests = 0;

/** Visitors come to all isolates, a few hundred a second, until told otherwise. */
function traffic() {
  let goes = true;
  canary.on("/", (_, response) => {
    // Spread evenly: several in a row would eject the canary, which is another story.
    const before = Math.floor(requests * failing);
    response.statusCode = Math.floor(++requests * failing) > before ? 503 : 200;
    response.end("canary");
  });
  stable.on("/", (_, response) => response.end("stable"));
  /** @type {Map<string, number>} */
  const last = new Map();
  let number = 0;
  const visit = async () => {
    while (goes) {
      const user = number++;
      const url = fleet.urls[user % ISOLATES] ?? "";
      const answer = await send(url, { agent, headers: { cookie: `uid=user-${user % 5_000}` } });
      last.set(String(answer.headers["x-origin"]), Date.now());
      await sleep(10);
    }
  };
  const visitors = Array.from({ length: 8 }, visit);
  return {
    /** When an origin was reached last. @param {string} origin */
    last: (origin) => last.get(origin) ?? 0,
    stop: async () => {
      goes = false;
      await Promise.all(visitors);
    },
  };
}

const stateOf = async () => (await fleet.overview()).standings.map(({ state }) => state).join();

/** Which origins 100 users reach, each in each isolate. */
async function reached() {
  const users = Array.from({ length: 100 }, (_, user) => user);
  const asked = fleet.urls.flatMap((url) => users.map((user) => [url, user]));
  const answers = await Promise.all(
    asked.map(([url, user]) => send(String(url), { agent, headers: { cookie: `uid=user-${user}` } })),
  );
  return [...new Set(answers.map((answer) => answer.headers["x-origin"]))].toSorted().join();
}

test("a canary that fails a fifth of its requests is withdrawn in every isolate, and stays so until the generation grows", async (t) => {
  const visitors = traffic();
  t.after(visitors.stop);
  await until(stateOf, (state) => state === "ok", 30_000);
  assert.equal(await reached(), "canary,stable");

  failing = 0.2;
  const broken = Date.now();
  const quiet = () => Promise.resolve(Date.now() - visitors.last("canary"));
  await until(quiet, (since) => since > 1_500, 30_000);
  const took = visitors.last("canary") - broken;
  assert.ok(took > FOR, `after ${took} ms: that is sooner than \`for\``);
  assert.ok(took <= FOR + 3 * SLOT, `it took ${took} ms`);
  t.diagnostic(`the last request to the canary came ${took} ms after it broke`);
  assert.equal(await reached(), "stable");
  const { orders } = await fleet.overview();
  assert.deepEqual(
    orders.directives?.map(({ flag, variant, action }) => [flag, variant, action]),
    [["checkout", "on", "rollback"]],
  );
  assert.match(
    fleet.log(),
    /pointsman: rollback of checkout on: since \d\d:\d\d:\d\d, [\d,]+ of [\d,]+ failed, limit 1 %/,
  );

  failing = 0;
  await sleep(3_000);
  assert.equal(await reached(), "stable", "errors have ended, and the order stands");
  await fleet.put(snapshot(2, 1));
  await sleep(1_000);
  assert.equal(await reached(), "stable", "a new revision of the same generation");
  await fleet.put(snapshot(3, 2));
  await until(reached, (origins) => origins === "canary,stable", 5_000);
});

test("what is no delta is answered with an error, logged, and changes nothing", async () => {
  // The coordinator follows the snapshot by itself: it may be the last to have the new generation.
  const before = await until(fleet.overview, ({ orders }) => orders.directives?.length === 0);
  for (const body of ["", "{}", '{"isolate":"x","sequence":1,"cells":[{}]}']) {
    const answer = await fleet.report(body);
    assert.deepEqual([answer.status, Object.keys(await answer.json())], [503, ["error"]]);
  }
  assert.deepEqual((await fleet.overview()).orders, before.orders);
  assert.doesNotMatch(fleet.log(), /the coordinator answered/, "no isolate's report was refused");
});
