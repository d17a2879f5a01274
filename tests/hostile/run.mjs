// @ts-nocheck: this calls on purpose what the types forbid.
/**
 * The law: at request time nothing throws, what can't be decided is an error or the off variant, `load`, `merge` and `apply`
 * throw only `PointsmanError`, nothing of it is a trap, and the engine decides rightly afterwards.
 */
import { CLOCKS, INHERITED, VALUES } from "./values.mjs";

const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const SNAPSHOT = {
  revision: 1,
  flags: {
    listed,
    rules: { ...listed, rules: [{ if: { attribute: "plan", op: "in", values: ["pro"] }, serve: "on" }] },
    paths: { ...listed, rules: [{ if: { attribute: "a.b", op: "contains", values: ["pro"] }, serve: "on" }] },
    guarded: { enabled: true, rolloutPercentage: 100, guard: {} },
  },
  backends: { a: { origin: "http://a.test" } },
  routes: [
    {
      name: "r",
      match: { path: "/*" },
      flag: "guarded",
      backends: { on: "a" },
      fallback: "a",
      visitor: { cookie: "v", maxAge: "1d" },
    },
  ],
};
const URL_ = "http://x.test/";
const request = { url: URL_, method: "GET", headers: { get: () => null } };

/** Everything that takes something from a caller, with a hostile value in its place. */
const CALLS = {
  "a flag's key": (engine, value) => everyWay(engine, value, { userId: "bob" }),
  "a context": (engine, value) => {
    for (const key of ["listed", "rules", "paths"]) everyWay(engine, key, value);
    engine.context(value).evaluateAll();
  },
  "an attribute": (engine, value) => {
    const context = { userId: "bob", plan: value, "a.b": value };
    for (const key of ["rules", "paths"]) everyWay(engine, key, context);
  },
  "a getter's answer": (engine, value) =>
    everyWay(engine, "paths", {
      userId: "bob",
      get a() {
        return value;
      },
    }),
  "an id": (engine, value) => engine.evaluate("listed", { userId: value }),
  "a default": (engine, value) => {
    engine.value("guarded", { userId: "bob" }, value);
    engine.details("listed", { userId: "bob" }, value);
  },
  "a request": (engine, value) => engine.route(value),
  "a URL": (engine, value) => engine.route({ ...request, url: value }),
  "a method": (engine, value) => engine.route({ ...request, method: value }),
  "a header": (engine, value) => engine.route({ ...request, headers: { get: () => value } }),
  facts: (engine, value) => engine.route(request, value),
  "a fact": (engine, value) => {
    for (const name of ["context", "freshId", "request", "overrides"]) engine.route(request, { [name]: value });
  },
  "an override": (engine, value) => engine.route(request, { overrides: [value, { flag: value, variant: value }] }),
  "a decision": (engine, value) => engine.report(value, { status: 500, durationMs: 1 }),
  "an outcome": (engine, value) => {
    engine.report(engine.evaluate("guarded", { userId: "bob" }), value);
    engine.report(engine.evaluate("guarded", { userId: "bob" }), { durationMs: value });
  },
  "a confirmation": (engine, value) => engine.confirm(value),
};

/** What may refuse. */
const TAKEN = {
  "a snapshot": (engine, value) => engine.load(value),
  "a flag's definition": (engine, value) => engine.load({ ...SNAPSHOT, flags: { listed: value } }),
  "a delta": (engine, value) => engine.merge(value),
  "a delta's cells": (engine, value) => engine.merge({ isolate: "a", sequence: 1, cells: value }),
  orders: (engine, value) => engine.apply(value),
};

function everyWay(engine, key, context) {
  const visitor = engine.context(context);
  for (const { errorCode, variant } of [
    engine.evaluate(key, context),
    visitor.evaluate(key),
    engine.explain(key, context),
  ]) {
    if (errorCode === undefined && variant !== "off") throw new Error(`in by accident: ${variant}`);
  }
  if (engine.isEnabled(key, context) || visitor.isEnabled(key)) throw new Error("enabled by accident");
  engine.details(key, context, false);
  engine.evaluateAll(context).get(key);
}

/** Whether the engine still is what it was. */
function assertSound(engine) {
  if (engine.traps !== 0) throw new Error(`${engine.traps} traps`);
  if (!engine.isEnabled("listed", { userId: "alice" })) throw new Error("the listed visitor is out");
  if (engine.isEnabled("listed", { userId: "bob" })) throw new Error("another visitor is in");
  if (engine.route(request)?.backend !== "a") throw new Error("no route");
}

/** @param {{ createEngine: Function, PointsmanError: Function }} module @returns {Promise<{ count: number, failures: string[] }>} */
export async function runHostile({ createEngine, PointsmanError }) {
  const failures = [];
  let count = 0;
  const check = async (name, run) => {
    count++;
    try {
      await run();
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? "what is no error"}`);
    }
  };
  const engine = await createEngine({ snapshot: SNAPSHOT });
  const kept = { ...SNAPSHOT };
  for (const [name, make] of Object.entries(VALUES)) {
    for (const [place, call] of Object.entries(CALLS)) {
      await check(`${name} as ${place}`, () => {
        call(engine, make());
        assertSound(engine);
      });
    }
    for (const [place, call] of Object.entries(TAKEN)) {
      await check(`${name} as ${place}`, async () => {
        const own = await createEngine({ snapshot: kept });
        mayRefuse(PointsmanError, () => call(own, make()));
        assertSound(own);
      });
    }
  }
  for (const [name, clock] of Object.entries(CLOCKS)) {
    await check(`a clock: ${name}`, () => withClock(createEngine, clock));
  }
  for (const name of INHERITED) await check(`the name ${name}`, () => withName(createEngine, name));
  await check("a prototype that others have written to", () => withPollution(createEngine));
  await check("bytes that are no snapshot", () => badBytes(engine, PointsmanError));
  return { count, failures };
}

function mayRefuse(PointsmanError, call) {
  try {
    call();
  } catch (error) {
    if (!(error instanceof PointsmanError)) throw error;
  }
}

async function withClock(createEngine, clock) {
  const rollout = { schedule: [{ at: "2026-01-01T00:00:00Z", percentage: 0 }] };
  const flags = { ...SNAPSHOT.flags, timed: { enabled: true, rollout } };
  const engine = await createEngine({ snapshot: { ...SNAPSHOT, maxAge: "1h", flags }, clock });
  everyWay(engine, "timed", { userId: "bob" });
  engine.report(engine.evaluate("guarded", { userId: "bob" }), { status: 500, durationMs: Infinity });
  engine.judge();
  engine.drain();
  engine.confirm();
  if (engine.age !== null && !Number.isFinite(engine.age)) throw new Error(`an age of ${engine.age}`);
  assertSound(engine);
}

/** As the name of whatever a snapshot names. `JSON.parse` makes `__proto__` a member like any other. */
async function withName(createEngine, name) {
  const flag = `{ "enabled": true, "variants": { "${name}": 1, "no": 0 }, "onVariant": "${name}", "offVariant": "no", "metadata": { "${name}": 7 },
    "rules": [{ "if": { "all": [{ "segment": "${name}" }, { "not": { "bucket": { "percentage": 0, "salt": "s", "bucketBy": "${name}" } } }] }, "serve": "${name}" }], "rollout": { "percentage": 0 } }`;
  const text = `{ "segments": { "${name}": { "attribute": "${name}", "op": "in", "values": ["yes"] } }, "layers": { "${name}": {} },
    "flags": { "${name}": ${flag} }, "backends": { "${name}": { "origin": "http://a.test" } },
    "routes": [{ "name": "${name}", "match": {}, "backend": "${name}", "fallback": "${name}" }] }`;
  const engine = await createEngine({ snapshot: text });
  if (engine.problems.length > 0) throw new Error(engine.problems[0].message);
  const own = JSON.parse(`{ "userId": "alice", "${name}": "yes" }`);
  const { variant, flagMetadata } = engine.evaluate(name, own);
  if (variant !== name || Object.getOwnPropertyDescriptor(flagMetadata, name)?.value !== 7) {
    throw new Error(`${variant} for who has the attribute`);
  }
  if (engine.evaluate(name, { userId: "alice" }).variant !== "no") throw new Error("inherited attributes count");
  if (engine.route(request).upstream.origin !== "http://a.test") throw new Error("no upstream");
  const empty = await createEngine({ snapshot: { flags: {} } });
  if (empty.evaluate(name, {}).errorCode !== "FLAG_NOT_FOUND") throw new Error("a flag that nobody made");
  if (empty.evaluateAll({}).get(name) !== undefined) throw new Error("a flag that nobody made");
}

async function withPollution(createEngine) {
  const names = ["plan", "a", "overrides", "freshId", "origin"];
  try {
    for (const name of names) {
      Object.defineProperty(Object.prototype, name, { value: "x", configurable: true, writable: true });
    }
    const engine = await createEngine({ snapshot: SNAPSHOT });
    for (const key of ["listed", "rules", "paths"]) everyWay(engine, key, { userId: "bob" });
    assertSound(engine);
  } finally {
    for (const name of names) delete Object.prototype[name];
  }
}

/** Cut off at every byte, and what is not UTF-8. */
function badBytes(engine, PointsmanError) {
  const text = JSON.stringify({ ...SNAPSHOT, revision: 2 });
  const bytes = new TextEncoder().encode(text);
  const utf16 = new Uint8Array([...text].flatMap((character) => [character.charCodeAt(0), 0]));
  const cut = Array.from(bytes, (_, end) => bytes.subarray(0, end));
  const nested = (levels) => `{"x-a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
  const others = [
    utf16,
    new Uint8Array([0xc0, 0xaf]),
    new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]),
    new Uint8Array([...bytes, 0]),
    nested(64),
    nested(1_000_000),
    `{"flags":{},"revision":1e999}`,
    `{"flags":{},"revision":2,"revision":3}`,
  ];
  for (const input of [...cut, ...others]) {
    let refused = false;
    mayRefuse(PointsmanError, () => {
      refused = true;
      engine.load(input);
      refused = false;
    });
    if (!refused) throw new Error(`loaded: ${String(input).slice(0, 60)}`);
    assertSound(engine);
  }
}
