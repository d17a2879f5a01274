/** `pointsman simulate`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { workshop } from "./cli.mjs";

const { run, write } = workshop();

const START = "2026-03-02T09:00:00Z";
const after = (seconds) => new Date(Date.parse(START) + seconds * 1_000).toISOString().replace(".000", "");
const guard = { errorRate: { max: 0.01 }, window: "1m", for: "10s", slot: "2s" };

/** @param {object} flag @param {string[]} args */
function simulated(flag, ...args) {
  const path = write("snapshot.json", { flags: { f: { enabled: true, ...flag } } });
  const { status, printed, told } = run(["simulate", path, "f", "--start", START, "--json", ...args]);
  assert.deepEqual([status, told], [0, ""]);
  return JSON.parse(printed);
}

const directivesOf = ({ events }) => events.filter(({ kind }) => kind === "directive");

test("a schedule's steps are met, within what chance allows", () => {
  const steps = [1, 10, 50, 100].map((percentage, hour) => ({ at: after(hour * 3_600), percentage }));
  const result = simulated({ rollout: { schedule: steps } }, "--rate", "1");
  assert.deepEqual(
    result.steps.map(({ at, percentage }) => [at, percentage]),
    [...steps.map(({ at, percentage }) => [at, percentage]), [after(3.3 * 3_600), 100]],
  );
  for (const { percentage, visitors } of result.steps) {
    const share = percentage / 100;
    assert.ok(Math.abs(visitors / 10_000 - share) <= 4 * Math.sqrt((share * (1 - share)) / 10_000), `${visitors}`);
  }
  assert.equal(result.requests, 3.3 * 3_600);
  const seen = result.columns.map(({ visitors }) => visitors);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
    "nobody loses it",
  );
});

test("a release that breaks is rolled back, not before `for` is over, and nobody has it then", () => {
  const result = simulated(
    { rolloutPercentage: 25, guard },
    "--fail",
    "0.1%",
    "--fail",
    "100%@5m",
    "--duration",
    "10m",
  );
  const [{ at, directive }, ...others] = directivesOf(result);
  assert.deepEqual([directive.action, directive.variant, others.length], ["rollback", "on", 0]);
  const seconds = (Date.parse(at) - Date.parse(START)) / 1_000 - 300;
  // Ten seconds of `for`, a slot of two, a report each five; ejections in between may hold it up.
  assert.ok(seconds >= 10 && seconds <= 60, `${seconds}`);
  assert.equal(result.columns.at(-1).visitors, 0);
  assert.ok(result.columns[0].visitors > 2_000);
});

test("one that doesn't is left alone, and so is one that nobody guards", () => {
  assert.deepEqual(directivesOf(simulated({ rolloutPercentage: 25, guard }, "--fail", "0.1%")), []);
  const unguarded = simulated({ rolloutPercentage: 25 }, "--fail", "100%");
  assert.deepEqual([unguarded.events.length, unguarded.standings], [1, []]);
  assert.ok(unguarded.columns.at(-1).failed === unguarded.columns.at(-1).requests);
});

test("the control's failures are told apart", () => {
  const overControl = { ...guard, errorRate: { overControl: 0.01 } };
  const alike = simulated({ rolloutPercentage: 25, guard: overControl }, "--fail", "5%", "--control-fail", "5%");
  assert.deepEqual(directivesOf(alike), []);
  const worse = simulated({ rolloutPercentage: 25, guard: overControl }, "--fail", "25%", "--control-fail", "5%");
  assert.equal(directivesOf(worse).length, 1);
});

test("a schedule waits for its guard, and not for a snapshot to be confirmed", () => {
  const schedule = [1, 50].map((percentage, hour) => ({ at: after(hour * 3_600), percentage }));
  const lastShare = (flag) => {
    const path = write("aged.json", { maxAge: "10m", flags: { f: { enabled: true, rollout: { schedule }, ...flag } } });
    const { printed } = run(["simulate", path, "f", "--start", START, "--json", "--rate", "1"]);
    return JSON.parse(printed).steps.at(-1).visitors / 10_000;
  };
  assert.ok(Math.abs(lastShare({ guard: { ...guard, minRequests: 1_000 } }) - 0.01) < 0.005);
  assert.ok(Math.abs(lastShare({}) - 0.5) < 0.02);
});

test("an isolate alone asks for more evidence", () => {
  const flag = { rolloutPercentage: 25, guard };
  const args = ["--fail", "0%", "--fail", "20%@5m", "--duration", "10m"];
  const rollback = (...more) => Date.parse(directivesOf(simulated(flag, ...args, ...more))[0].at);
  assert.ok(rollback("--alone") >= rollback() - 5_000);
});

test("the same command gives the same run, ejections and all; another seed another one", () => {
  const path = write("slow.json", {
    flags: { f: { enabled: true, rolloutPercentage: 25, guard: { ...guard, for: "5m" } } },
  });
  const text = (...args) => run(["simulate", path, "f", "--start", START, "--fail", "90%@2m", ...args]).printed;
  const [one, again, other] = [text(), text(), text("--seed", "2")];
  assert.equal(one, again);
  assert.notEqual(one, other);
  assert.match(one, /^f: 36,000 requests of 10,000 visitors\n\nvisitors who get a new variant\n {3}\d+\.\d % ┼/);
  assert.doesNotMatch(one, / $/m);
});

test("what would take for ever is refused", () => {
  const path = write("snapshot.json", { flags: { f: { enabled: true } } });
  const { status, told } = run(["simulate", path, "f", "--duration", "365d"]);
  assert.equal(status, 2);
  assert.match(told, /^error: 630,720,000 requests are more than 20,000,000: choose a lower --rate/);
  for (const fail of ["5", "101%", "-1%", "5%@", "5%@x", "5%@1m@2m"].slice(1)) {
    assert.equal(run(["simulate", path, "f", "--fail", fail]).status, 2, fail);
  }
});
