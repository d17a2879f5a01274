/** What the engine promises beside its decisions: loading, several engines, prepared contexts, traps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memories } from "./memories.mjs";
import { edgeAlone, engineModule } from "../../js/test/builds.mjs";

const { PointsmanError, createEngine } = await engineModule(import.meta.url);
const edge = edgeAlone(import.meta.url);

const on = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const route = { name: "shop", match: { path: "/shop*" }, flag: "on", backends: { on: "canary" }, fallback: "stable" };
const backends = { stable: { origin: "https://stable.example" }, canary: { origin: "https://canary.example" } };
const request = { method: "GET", url: "https://shop.example/shop", headers: { get: () => null } };

/** Makes the instance in use trap at its next call: its pointers lead beyond the memory. */
function poison() {
  const memory = memories.at(-1);
  assert.ok(memory);
  new Uint8Array(memory.buffer).fill(0xff);
}

const refusals = [
  ["not JSON", "{flags}", "NOT_JSON", "", 1, 2],
  ["a truncated file", '{\n  "flags": {', "NOT_JSON", "", 2, 13],
  ["a wrong type", '{"revision": 8, "flags": []}', "WRONG_TYPE", "/flags", 1, 26],
  ["an unknown field", '{"revision": 8, "flgs": {}}', "UNKNOWN_FIELD", "/flgs", 1, 17],
  ["a lower revision", '{"revision": 6}', "STALE_REVISION", "/revision", 1, 14],
  ["an equal revision with other bytes", '{"revision": 7, "flags": {}}', "REVISION_CONFLICT", "/revision", 1, 14],
  ["no revision after one", "{}", "REVISION_MISSING", "", 1, 1],
  ["what can't be written as JSON", { flags: 1n }, "NOT_JSON", "", 1, 1],
];

for (const [what, snapshot, code, pointer, line, column] of refusals) {
  test(`${what} is refused, and the last good snapshot stays`, async () => {
    const engine = await createEngine({ snapshot: { revision: 7, flags: { on } } });
    const [problem] = refusal(() => engine.load(/** @type {any} */ (snapshot)));
    const { message, ...place } = problem;
    assert.deepEqual(place, { code, pointer, line, column });
    assert.match(message, /^[^A-Z.][^]*[^.]$/);
    assert.equal(engine.isEnabled("on", { userId: "alice" }), true);
    assert.equal(engine.revision, 7);
  });
}

/** @param {() => unknown} load */
function refusal(load) {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof PointsmanError);
    return error.problems;
  }
  assert.fail("it was loaded");
}

test("a flag broken by a reload is carried, and named in the report", async () => {
  const engine = await createEngine({ snapshot: { flags: { on } } });
  const report = engine.load({ flags: { on: { enabled: true, rolloutPercentage: 101 }, fresh: { enabled: 1 } } });
  assert.deepEqual([report.carried, report.broken, report.added], [["on"], ["fresh"], ["fresh"]]);
  assert.deepEqual(
    report.problems.map(({ code, pointer }) => [code, pointer]),
    [
      ["OUT_OF_RANGE", "/flags/on/rolloutPercentage"],
      ["WRONG_TYPE", "/flags/fresh/enabled"],
    ],
  );
  assert.equal(engine.isEnabled("on", { userId: "alice" }), true);
  assert.equal(engine.evaluate("fresh", {}).errorCode, "PARSE_ERROR");
});

test("engines in one isolate, and prepared contexts used in turns across an await, never mix", async () => {
  const first = await createEngine({ snapshot: { flags: { on } } });
  const second = await createEngine({ snapshot: { flags: { on: { ...on, whitelistUsers: ["bob"] } } } });
  const [alice, bob] = [{ userId: "alice" }, { userId: "bob" }].map((one) => [first.context(one), second.context(one)]);
  for (let turn = 0; turn < 3; turn++) {
    assert.deepEqual(
      alice?.map((visitor) => visitor.isEnabled("on")),
      [true, false],
    );
    await null;
    assert.deepEqual(
      bob?.map((visitor) => visitor.isEnabled("on")),
      [false, true],
    );
    // A load renumbers the attributes: the prepared contexts pack themselves anew.
    const before = { enabled: true, rules: [{ if: { attribute: `a${turn}`, op: "exists" }, serve: "off" }] };
    first.load({ flags: { before, on } });
  }
});

test("a getter that calls back in changes neither decision", async () => {
  const engine = await createEngine({ snapshot: { flags: { on } } });
  const context = {
    get userId() {
      assert.equal(engine.isEnabled("on", { userId: "a much longer id than that of the one who asks" }), false);
      return "alice";
    },
  };
  assert.equal(engine.isEnabled("on", context), true);
});

test("a trap: the default for one call, the same decisions after it, carried flags included", async () => {
  const engine = await createEngine({ snapshot: { flags: { on }, backends, routes: [route] } });
  engine.load({ flags: { on: { enabled: 7 } }, backends, routes: [route] });
  assert.equal(engine.isEnabled("on", { userId: "alice" }), true);
  poison();
  assert.equal(engine.evaluate("on", { userId: "alice" }).errorCode, "GENERAL");
  assert.equal(engine.traps, 1);
  assert.equal(engine.isEnabled("on", { userId: "alice" }), true);
  assert.equal(engine.isEnabled("on", { userId: "bob" }), false);
});

test("a trap while routing: the matching route's fallback, then the flag's backend again", edge, async () => {
  const engine = await createEngine({ snapshot: { flags: { on }, backends, routes: [route] } });
  const alice = { context: { userId: "alice" } };
  assert.equal(engine.route(request, alice)?.upstream.origin, "https://canary.example");
  poison();
  const answer = engine.route(request, alice);
  assert.deepEqual([answer?.upstream.origin, answer?.fallback], ["https://stable.example", true]);
  assert.equal(engine.route(request, alice)?.upstream.origin, "https://canary.example");
});

test("three traps within a minute: fallbacks alone for a pause, then decisions again", edge, async () => {
  let now = 0;
  const engine = await createEngine({ snapshot: { flags: { on }, backends, routes: [route] }, clock: () => now });
  for (let i = 0; i < 3; i++) {
    poison();
    assert.equal(engine.isEnabled("on", { userId: "alice" }), false);
  }
  assert.equal(engine.traps, 3);
  assert.equal(engine.isEnabled("on", { userId: "alice" }), false);
  assert.equal(engine.route(request, { context: { userId: "alice" } })?.backend, "stable");
  now = 120_000;
  engine.isEnabled("on", { userId: "alice" });
  assert.equal(engine.isEnabled("on", { userId: "alice" }), true);
});
