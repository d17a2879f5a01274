// @ts-nocheck: what is reported here are parts of decisions.
/** Guarded schedules whose snapshot goes unconfirmed for longer than its `maxAge`: nobody is taken out by that. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createEngine } from "../dist/node.js";

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 2, 9);
const VISITORS = Array.from({ length: 1_000 }, (_, number) => ({ visitorId: `v-${number}` }));

const recipes = readFileSync(new URL("../../docs/recipes.md", import.meta.url), "utf8");
/** The first recipe: 1 % at nine, 5 % at noon, 25 % the next day at nine; believed for 24 hours. */
const snapshot = JSON.parse(/```json\n([^]*?)```/.exec(recipes)[1]);

async function started(options = {}) {
  const clock = { now: START };
  const engine = await createEngine({ snapshot, clock: () => clock.now, ...options });
  const variants = () => VISITORS.map((visitor) => engine.evaluate("checkout", visitor));
  const share = () => variants().filter(({ variant }) => variant === "canary").length;
  const serve = (requests) => {
    const seen = variants();
    for (const name of ["canary", "stable"]) {
      const of = seen.filter(({ variant }) => variant === name);
      for (let i = 0; i < requests && of.length > 0; i++)
        engine.report(of[i % of.length], { status: 200, durationMs: 5 });
    }
  };
  /** So many requests of each arm every minute; 0: the guard knows nothing. */
  const minutes = (count, requests) => {
    for (let minute = 0; minute < count; minute++) {
      serve(requests);
      clock.now += MINUTE;
      engine.judge();
    }
  };
  return { engine, clock, share, minutes };
}

test("the first recipe, which lags and is never confirmed, keeps its visitors", async () => {
  const { engine, share, minutes } = await started();
  assert.equal(snapshot.maxAge, "24h");
  const shares = [share()];
  for (const [hours, requests] of [
    [2, 0],
    [10, 300],
    [11, 0],
    [3, 300],
    [6, 0],
    [2, 300],
  ]) {
    // prettier-ignore
    minutes(hours * 60, requests);
    shares.push(share());
  }
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.ok(shares.at(-1) > 30 && shares.at(-1) < 80, `5 %: ${shares}`);
  const before = share();
  engine.confirm();
  assert.ok(share() >= before, "a confirmation takes nobody out");
});

test("a coordinator that goes on to lag takes nobody out of an isolate whose schedule is held", async () => {
  const coordinator = await started();
  const { engine, clock, share } = await started({ coordinated: true });
  const follow = () => {
    clock.now = coordinator.clock.now;
    engine.apply(coordinator.engine.orders);
    return share();
  };
  coordinator.minutes(12 * 60, 300);
  const before = follow();
  assert.ok(before > 30, `${before}`);
  for (let hours = 12; hours < 60; hours += 6) {
    coordinator.engine.confirm();
    coordinator.minutes(5 * 60, 0);
    assert.ok(follow() >= before, `${hours} hours`);
    coordinator.minutes(60, 300);
    assert.ok(follow() >= before, `${hours} hours, ok again`);
  }
  engine.confirm();
  assert.equal(share(), coordinator.share(), "as its coordinator has it, once it is confirmed");
});
