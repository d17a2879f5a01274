// @ts-nocheck: this calls on purpose what the types forbid.
/** Contexts that do something when they are looked at, or that inherit what nobody gave them. */
import { equal } from "./check.mjs";

const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const asking = (attribute, op, values) => {
  const condition = values === undefined ? { attribute, op } : { attribute, op, values };
  return { enabled: true, rules: [{ if: condition, serve: "on" }], rollout: { percentage: 0 } };
};
const FLAGS = {
  listed,
  plan: asking("plan", "in", ["pro"]),
  path: asking("a.b", "in", ["pro"]),
  there: asking("plan", "exists"),
  thereByPath: asking("a.b", "exists"),
  many: {
    ...asking("plan", "in", ["pro"]),
    whitelistUsers: ["nobody"],
    bucketBy: ["targetingKey", "userId", "visitorId", "p1", "p2", "p3", "p4"],
  },
};
const SNAPSHOT = {
  revision: 1,
  flags: FLAGS,
  backends: { a: { origin: "http://a.test" }, b: { origin: "http://b.test" } },
  routes: [{ name: "r", match: {}, flag: "listed", backends: { on: "b", off: "a" }, fallback: "a" }],
};
const request = { url: "http://x.test/", method: "GET", headers: { get: () => null } };

/** Every way to ask for a flag: `[variant, errorCode]`. */
function answers(engine, key, make) {
  const prepared = engine.context(make());
  return [
    engine.evaluate(key, make()),
    engine.explain(key, make()),
    engine.evaluateAll(make()).get(key),
    prepared.evaluate(key),
    prepared.evaluateAll().get(key),
  ].map((answer) => [answer?.variant ?? null, answer?.errorCode ?? null]);
}

function everyWay(engine, key, make, expected) {
  for (const answer of answers(engine, key, make)) equal(answer, expected);
}

/** @param {{ createEngine: Function, PointsmanError: Function }} module @param {import("./check.mjs").Check} check */
export async function runContexts({ createEngine }, check) {
  const fresh = () => createEngine({ snapshot: SNAPSHOT });
  await check("promises in place of attributes", async () => promises(await fresh()));
  await check("getters that throw", async () => throwing(await fresh()));
  await check("getters that load another snapshot", () => loading(fresh));
  await check("getters that load what is refused", async () => refusing(await fresh()));
  await check("getters without end", async () => endless(await fresh()));
  await check("revoked while they are read", async () => revoked(await fresh()));
  await check("proxies that lie", async () => lying(await fresh()));
  await check("prototypes from JSON", async () => fromJson(await fresh()));
  for (const [name, value] of Object.entries(POLLUTED)) {
    await check(`everybody's prototype with ${name}, before the load`, () => pollutedBefore(createEngine, name, value));
  }
  await check("everybody's prototype, after the load", async () => pollutedAfter(await fresh()));
}

/** A promise is a value, but none that any operator reads, nor an id. */
function promises(engine) {
  const own = {
    get userId() {
      return Promise.resolve("alice");
    },
    get plan() {
      return (async () => "pro")();
    },
    a: { b: Promise.resolve("pro") },
  };
  everyWay(engine, "listed", () => own, ["off", null]);
  for (const key of ["plan", "path", "many"]) everyWay(engine, key, () => own, ["off", null]);
  for (const key of ["there", "thereByPath"]) everyWay(engine, key, () => own, ["on", null]);
  everyWay(engine, "plan", () => Promise.resolve({ userId: "alice", plan: "pro" }), ["off", null]);
}

function throwing(engine) {
  const make = () => ({
    userId: "alice",
    get plan() {
      throw new Error("hostile");
    },
  });
  for (const key of ["plan", "there", "many"]) everyWay(engine, key, make, ["off", "INVALID_CONTEXT"]);
  everyWay(engine, "listed", make, ["on", null]);
}

/** The decision was begun by a snapshot that is not in use any more: it is an error, and what was loaded stays. */
async function loading(fresh) {
  const next = (revision) => ({
    ...SNAPSHOT,
    revision,
    flags: { ...FLAGS, listed: { ...listed, whitelistUsers: ["bob"] } },
  });
  const ways = {
    "evaluate listed": (engine, context) => engine.evaluate("listed", context),
    "evaluate many": (engine, context) => engine.evaluate("many", context),
    explain: (engine, context) => engine.explain("listed", context),
    all: (engine, context) => engine.evaluateAll(context).get("listed"),
    prepared: (engine, context) => engine.context(context).evaluate("listed"),
    route: (engine, context) => engine.route(request, { context })?.evaluation,
  };
  for (const [way, ask] of Object.entries(ways)) {
    const engine = await fresh();
    let revision = 1;
    const context = {
      get userId() {
        engine.load(next(++revision));
        return "alice";
      },
      plan: "pro",
    };
    const { errorCode, variant } = ask(engine, context);
    equal([way, errorCode, variant === "on"], [way, "INVALID_CONTEXT", false]);
    equal([engine.revision === revision, engine.traps], [true, 0]);
    equal(
      [engine.isEnabled("listed", { userId: "alice" }), engine.isEnabled("listed", { userId: "bob" })],
      [false, true],
    );
  }
}

function refusing(engine) {
  const make = () => ({
    get userId() {
      engine.load({ revision: 0, flags: {} });
      return "alice";
    },
  });
  everyWay(engine, "listed", make, ["off", "INVALID_CONTEXT"]);
  equal([engine.revision, engine.isEnabled("listed", { userId: "alice" })], [1, true]);
}

/** The stack ends somewhere: nothing is thrown, and the engine is there afterwards, at the latest for the next load. */
function endless(engine) {
  const context = {
    get userId() {
      engine.evaluate("many", context);
      return "bob";
    },
  };
  for (const ask of [
    () => engine.isEnabled("listed", context),
    () => engine.evaluateAll(context).isEnabled("listed"),
    () => engine.route(request, { context })?.backend === "b",
  ]) {
    equal(ask(), false);
  }
  engine.load({ ...SNAPSHOT, revision: 2 });
  equal(engine.isEnabled("listed", { userId: "alice" }), true);
}

function revoked(engine) {
  const make = () => {
    const { proxy, revoke } = Proxy.revocable(
      {},
      {
        get(_, name) {
          if (name === "plan") revoke();
          return name === "userId" ? "alice" : undefined;
        },
      },
    );
    return proxy;
  };
  for (const key of Object.keys(FLAGS)) {
    for (const [variant, errorCode] of answers(engine, key, make)) {
      if (errorCode === null && variant !== (key === "listed" ? "on" : "off")) throw new Error(`${key}: ${variant}`);
    }
  }
}

/** What `get` gives counts, whatever else is said of it. */
function lying(engine) {
  const claims = {
    has: () => true,
    ownKeys: () => ["userId", "plan", "a"],
    getOwnPropertyDescriptor: () => ({ value: "pro", configurable: true, enumerable: true, writable: true }),
  };
  const empty = () => new Proxy({}, { ...claims, get: () => undefined });
  const hidden = () =>
    new Proxy({ plan: "pro", a: { b: "pro" }, userId: "alice" }, { has: () => false, ownKeys: () => [] });
  for (const key of ["plan", "path", "there", "thereByPath"]) everyWay(engine, key, empty, ["off", null]);
  for (const key of ["plan", "path", "there", "thereByPath", "listed"]) everyWay(engine, key, hidden, ["on", null]);
}

/** `Object.assign` sets the prototype that JSON names, a spread does not. What is inherited counts, as a class's getters do. */
function fromJson(engine) {
  const parsed = JSON.parse('{ "__proto__": { "userId": "alice", "plan": "pro", "a.b": "pro" } }');
  everyWay(engine, "listed", () => parsed, ["off", null]);
  everyWay(engine, "listed", () => ({ ...parsed }), ["off", null]);
  everyWay(engine, "plan", () => ({ ...parsed }), ["off", null]);
  for (const context of [Object.assign({}, parsed), Object.setPrototypeOf({}, parsed)]) {
    everyWay(engine, "path", () => context, ["off", null]);
  }
  everyWay(engine, "listed", () => Object.assign({}, parsed), ["on", null]);
  everyWay(engine, "listed", () => Object.assign({ userId: "bob" }, parsed), ["off", null]);
  equal([Object.prototype.userId ?? null, engine.traps], [null, 0]);
}

const UPSTREAM = { origin: "http://a.test", pathPrefix: "", headers: {}, timeoutMs: null };

/** Names that the engine reads, of contexts and of what the engine itself has made. */
const POLLUTED = {
  userId: "alice",
  targetingKey: "alice",
  visitorId: "alice",
  plan: "pro",
  a: { b: "pro" },
  "a.b": "pro",
  flag: "plan",
  backend: "b",
  host: "evil.test",
  cache: "none",
  if: {},
  methods: ["POST"],
  origin: "http://evil.test",
  pathPrefix: "/evil",
  headers: { "x-evil": "1" },
  visitor: { cookie: "v" },
  faults: [{ name: "x" }],
  variant: "on",
  enabled: true,
  accepted: true,
  problems: [],
};

async function pollutedBefore(createEngine, name, value) {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    const engine = await createEngine({ snapshot: JSON.stringify(SNAPSHOT) });
    for (const key of Object.keys(FLAGS)) everyWay(engine, key, () => ({}), ["off", null]);
    everyWay(engine, "listed", () => ({ userId: "alice" }), ["on", null]);
    const { backend, upstream, fallback } = engine.route(request, { context: { userId: "bob" } });
    equal([backend, fallback, upstream], ["a", false, UPSTREAM]);
    equal(engine.route(request, { context: { userId: "alice" } }).backend, "b");
  } finally {
    delete Object.prototype[name];
  }
}

/** It counts then: README.md says so. An own attribute or fact wins, and paths lead through own members alone. */
function pollutedAfter(engine) {
  try {
    Object.prototype.userId = "alice";
    Object.prototype.a = { b: "pro" };
    everyWay(engine, "listed", () => ({}), ["on", null]);
    everyWay(engine, "listed", () => ({ userId: "bob" }), ["off", null]);
    everyWay(engine, "path", () => ({}), ["off", null]);
    Object.prototype.overrides = [{ flag: "listed", variant: "on" }];
    const backendWith = (facts) => engine.route(request, { context: { userId: "bob" }, ...facts }).backend;
    equal([backendWith({}), backendWith({ overrides: [] })], ["b", "a"]);
    engine.load({ ...SNAPSHOT, revision: 2 });
    everyWay(engine, "listed", () => ({}), ["off", null]);
  } finally {
    delete Object.prototype.userId;
    delete Object.prototype.a;
    delete Object.prototype.overrides;
  }
}
