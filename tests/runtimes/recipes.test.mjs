// @ts-nocheck: snapshots are read from a text.
/** The recipes of docs/recipes.md do what they say. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createEngine } from "../../js/dist/node.js";
import { mintOverride, verifyOverrides } from "../../js/dist/overrides.js";

const text = readFileSync(new URL("../../docs/recipes.md", import.meta.url), "utf8");
const [canary, blueGreen, chaos] = [...text.matchAll(/^```json\n(.*?)^```/gms)].map((match) => JSON.parse(match[1]));

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const idOf = (number) => `visitor-${number}`;
const visit = (url, id, more = {}) => ({
  url,
  method: "GET",
  headers: new Headers({ ...(id === null ? {} : { cookie: `__Host-visitor=${id}` }), ...more }),
});

async function engineAt(snapshot, time) {
  const clock = { now: Date.parse(time) };
  const engine = await createEngine({ snapshot, strict: true, clock: () => clock.now });
  return { engine, clock };
}

/** Which of the first 4,000 visitors reach a backend. */
function reaching(engine, url, backend) {
  const all = Array.from({ length: 4_000 }, (_, number) => idOf(number));
  return new Set(all.filter((id) => engine.route(visit(url, id)).backend === backend));
}

const CHECKOUT = "https://shop.example/checkout/pay";

/** Healthy traffic, or a canary whose every nth request fails, for so long. */
function run({ engine, clock }, duration, { failEvery = Infinity } = {}) {
  const end = clock.now + duration;
  for (let number = 0; clock.now < end; clock.now += 10 * SECOND) {
    for (let i = 0; i < 600; i++, number++) {
      const decision = engine.route(visit(CHECKOUT, idOf(number % 4_000)));
      const fails = decision.backend === "canary" && number % failEvery === 0;
      engine.report(decision, { status: fails ? 503 : 200, durationMs: 20 });
    }
  }
  engine.judge();
}

test("canary: the schedule goes on while the guard is ok, and only adds visitors", async () => {
  const site = await engineAt({ ...canary, maxAge: undefined }, "2026-03-02T08:50:00Z");
  const { engine, clock } = site;
  run(site, MINUTE);
  assert.equal(reaching(engine, CHECKOUT, "canary").size, 0);
  let before = new Set();
  // Each step is reached somewhat late: whenever the share grows, the guard has to be ok again.
  for (const [time, percentage] of [
    ["2026-03-02T09:00:00Z", 1],
    ["2026-03-02T12:00:00Z", 5],
    ["2026-03-03T09:00:00Z", 25],
    ["2026-03-04T09:00:00Z", 50],
  ]) {
    clock.now = Math.max(clock.now, Date.parse(time) - 20 * SECOND);
    run(site, HOUR / 2);
    const now = reaching(engine, CHECKOUT, "canary");
    assert.ok(Math.abs(now.size / 40 - percentage) < 1.5, `${now.size} at ${percentage} %`);
    assert.deepEqual([...before].filter((id) => !now.has(id)), []); // prettier-ignore
    before = now;
  }
});

test("canary: a broken release is withdrawn within `for` and a few slots, and stays so until the generation grows", async () => {
  const site = await engineAt({ ...canary, maxAge: undefined }, "2026-03-03T09:00:00Z");
  const { engine, clock } = site;
  run(site, 6 * MINUTE);
  assert.ok(reaching(engine, CHECKOUT, "canary").size > 800);
  const broken = clock.now;
  run(site, 5 * MINUTE, { failEvery: 5 });
  assert.equal(reaching(engine, CHECKOUT, "canary").size, 0);
  const [{ at, action, evidence }] = engine.orders.directives;
  assert.equal(action, "rollback");
  assert.equal(evidence.condition, "errorRate.max");
  assert.ok(at - broken <= 2 * MINUTE + 30 * SECOND, `${(at - broken) / SECOND} s`);
  run(site, 10 * MINUTE);
  assert.equal(reaching(engine, CHECKOUT, "canary").size, 0);
  const { checkout } = canary.flags;
  const guard = { ...checkout.guard, generation: 2 };
  engine.load({ ...canary, maxAge: undefined, revision: 2, flags: { checkout: { ...checkout, guard } } });
  assert.ok(reaching(engine, CHECKOUT, "canary").size > 800);
  engine.load({ ...canary, revision: 3, flags: { checkout: { ...checkout, enabled: false } } });
  assert.equal(reaching(engine, CHECKOUT, "stable").size, 4_000);
});

test("canary: the decision says what the router needs", async () => {
  const { engine } = await engineAt(canary, "2026-03-06T09:00:00Z");
  const decision = engine.route(visit(CHECKOUT, null), { freshId: "fresh" });
  const { upstream, cache, setCookie } = decision;
  assert.deepEqual(upstream, { origin: "https://canary.example", pathPrefix: "", headers: { "x-release": "canary" }, timeoutMs: 10_000 }); // prettier-ignore
  assert.deepEqual(cache, { plan: "split", key: "checkout/canary" });
  assert.match(setCookie, /^__Host-visitor=fresh; Max-Age=2592000; /);
});

test("blue-green: a token previews green, the switch only adds, the way back is whole", async () => {
  const url = "https://shop.example/";
  const { engine } = await engineAt(blueGreen, "2026-03-02T09:00:00Z");
  assert.equal(reaching(engine, url, "blue").size, 4_000);
  const key = "a secret of at least thirty-two bytes";
  const claims = { flag: "environment", variant: "green", expires: Date.now() + HOUR, scope: "shop.example" };
  const token = await mintOverride(claims, key);
  const overrides = await verifyOverrides(token, { key, scope: "shop.example" });
  const preview = engine.route(visit(url, idOf(1)), { overrides });
  assert.deepEqual([preview.backend, preview.evaluation.detail], ["green", "override"]);
  assert.equal(engine.route(visit(url, idOf(1))).backend, "blue");
  let before = new Set();
  let revision = 1;
  const publish = (change) => {
    const environment = { ...blueGreen.flags.environment, ...change };
    engine.load({ ...blueGreen, revision: ++revision, flags: { environment } });
    return reaching(engine, url, "green");
  };
  for (const percentage of [1, 10, 50, 100]) {
    const now = publish({ rollout: { percentage } });
    assert.ok(Math.abs(now.size / 40 - percentage) < 2, `${now.size} at ${percentage} %`);
    assert.deepEqual([...before].filter((id) => !now.has(id)), []); // prettier-ignore
    before = now;
  }
  assert.equal(publish({ rollout: { percentage: 0 } }).size, 0);
  publish({ rollout: { percentage: 100 } });
  assert.equal(publish({ enabled: false, rollout: { percentage: 100 } }).size, 0);
});

test("chaos: the same visitors each time, none without their cookie, none afterwards", async () => {
  const url = "https://shop.example/api/x";
  const { engine, clock } = await engineAt(chaos, "2026-03-02T17:00:00Z");
  const team = (id) => engine.route(visit(url, null, { cookie: `team=checkout; __Host-visitor=${id}` })).fault;
  const delays = Array.from({ length: 200 }, (_, number) => team(idOf(number)));
  assert.ok(delays.every(({ name, delayMs, maxActive }) => name === "slow-for-staff" && delayMs >= 200 && delayMs < 500 && maxActive === 20)); // prettier-ignore
  assert.ok(new Set(delays.map(({ delayMs }) => delayMs)).size > 100, "jitter differs");
  assert.deepEqual(team(idOf(7)), delays[7]);
  const hit = () => {
    const all = Array.from({ length: 20_000 }, (_, number) => idOf(number));
    return all.filter((id) => engine.route(visit(url, id)).fault?.abortStatus === 503);
  };
  const victims = hit();
  assert.ok(victims.length > 60 && victims.length < 140, `${victims.length} of 20,000 at 0.5 %`);
  assert.deepEqual(hit(), victims);
  clock.now = Date.parse("2026-03-02T18:00:00Z");
  assert.deepEqual([hit(), team(idOf(7))], [[], null]);
  clock.now -= HOUR;
  engine.load({ ...chaos, revision: 2, faultsEnabled: false });
  assert.deepEqual([hit(), team(idOf(7))], [[], null]);
});
