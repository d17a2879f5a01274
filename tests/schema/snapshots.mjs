/** Snapshots with all that the wire model has; most are sound. */
import fc from "fast-check";

const { constant, constantFrom, oneof, record, array, dictionary, option } = fc;

/** An object of required members, and of some that may be missing. @param {any} required @param {any} optional @returns {any} */
const some = (required, optional) =>
  record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true });

const percentage = oneof(constantFrom(0, 0.001, 50, 100), fc.double({ min: 0, max: 100, noNaN: true }));
const salt = constantFrom("", "s", "größe");
const bucketBy = constantFrom("userId", ["userId"], ["account.id", "visitorId"]);
const time = constantFrom("2026-01-31T09:00:00Z", "2024-02-29t23:59:60.123456z", "1999-12-31T00:00:00-11:30");
const duration = constantFrom("0ms", "250ms", "30s", "2m", "24h", "7d");
const variant = constantFrom("on", "off");

const values = (/** @type {any[]} */ ...each) => array(constantFrom(...each), { maxLength: 3 });
const test = (/** @type {string[]} */ ops, /** @type {any} */ list, folds = false) =>
  some(
    { attribute: constantFrom("plan", "a.b"), op: constantFrom(...ops), values: list },
    { caseInsensitive: folds ? fc.boolean() : constant(false), "x-note": constant(1) },
  );
const tests = oneof(
  test(["in"], values("a", 1, true, -0.5), true),
  test(["startsWith", "endsWith", "contains", "matches"], values("a", "É", "^b"), true),
  test(["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"], values(1, -2.5, 1e300)),
  test(["before", "after"], array(oneof(time, constantFrom(0, -1.5)), { maxLength: 2 })),
  test(
    ["semVerEqual", "semVerLessThan", "semVerLessThanOrEqual", "semVerGreaterThan", "semVerGreaterThanOrEqual"],
    values("1", "1.2", "1.2.3-rc.1+b.01", "1-0a.--"),
  ),
  test(
    ["ipInRange"],
    values("10.0.0.1", "10.0.0.0/8", "::/0", "::ffff:10.0.0.0/104", "2001:db8::1", "1:2:3:4:5:6:7::/112"),
  ),
  some(
    { attribute: constant("beta"), op: constant("exists") },
    { values: constant([]), caseInsensitive: constant(false) },
  ),
);
const bucket = some({ percentage, salt }, { bucketBy });

/** @param {any} leaves */
const conditionsOver = (leaves) =>
  fc.letrec((tie) => ({
    condition: oneof(
      { depthSize: "small", withCrossShrink: true },
      leaves,
      record({ all: array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
      record({ any: array(tie("condition"), { minLength: 1, maxLength: 3 }) }),
      record({ not: tie("condition") }),
    ),
  })).condition;
const plain = oneof({ weight: 4, arbitrary: tests }, { weight: 1, arbitrary: record({ bucket }) });
const condition = conditionsOver(
  oneof(
    { weight: 6, arbitrary: plain },
    {
      weight: 1,
      arbitrary: constantFrom({ segment: "adults" }, { flag: "base", is: "on" }, { flag: "base", is: ["off", "on"] }),
    },
  ),
);

const step = (/** @type {number} */ year) => some({ at: constant(`${year}-06-01T00:00:00Z`), percentage }, {});
const years = fc.shuffledSubarray([2025, 2026, 2027], { minLength: 1 });
const schedule = years.chain((some) => fc.tuple(...some.sort().map(step)));
const split = array(some({ variant, weight: constantFrom(0.1, 1, 3) }, {}), { minLength: 1, maxLength: 3 });
const rollout = oneof(
  some({}, { percentage, variant, salt, "x-note": constant({}) }),
  some({ split }, { percentage, salt }),
  some({ schedule }, { ramp: constantFrom("step", "linear"), pausedAt: time, variant }),
  some({ schedule, split }, {}),
);
const rule = oneof(
  some({ if: condition, serve: variant }, { name: constantFrom("a", "staff only") }),
  some({ if: condition, rollout }, { onMiss: constantFrom("off", "continue") }),
);
const ids = array(constantFrom("alice", "bob", "7"), { maxLength: 3 });

const common = {
  rules: array(rule, { maxLength: 3 }),
  bucketBy,
  salt,
  serverOnly: fc.boolean(),
  metadata: dictionary(constantFrom("owner", "x"), constantFrom("shop", 7, true), { noNullPrototype: true }),
};
const variants = constantFrom({ on: 1, off: null }, { on: [{}], off: "x", other: {} });
const named = { onVariant: variant, offVariant: variant };
const flag = oneof(
  some({ enabled: fc.boolean() }, { ...common, ...named, variants, rollout }),
  some({ enabled: fc.boolean(), rolloutPercentage: percentage }, { ...common, whitelistUsers: ids }),
  some({ enabled: fc.boolean(), rollout }, { ...common, whitelist: constantFrom({}, { on: ["alice"], off: ["bob"] }) }),
  some(
    {
      enabled: constant(true),
      offVariant: constant("a"),
      onVariant: constant("b"),
      variants: constant({ a: 1, b: 2 }),
    },
    { salt, bucketBy },
  ),
  some({ enabled: constant(true), variants: constant({ off: 1, b: 2 }), rollout: constantFrom({ variant: "b" }, { split: [{ variant: "b", weight: 1 }] }) }, { salt }), // prettier-ignore
);

const guarded = some(
  { enabled: constant(true), variants: constant({ on: 1, off: null, old: 2 }), guard: guard() },
  { rollout, offVariant: variant },
);

/** Limits of every kind, and how they are held. */
function guard() {
  const limits = {
    errorRate: some({}, { max: constantFrom(0.0001, 0.01, 1), overControl: constantFrom(0, 0.01, 1) }),
    latency: some(
      {},
      { quantile: constantFrom(0.5, 0.95, 0.999), max: duration, overControl: constantFrom(1, 1.5, 100) },
    ),
  };
  const windows = {
    window: constantFrom("0s", "100ms", "36s", "5m"),
    for: constantFrom("0s", "1m"),
    slot: constantFrom("1s", "10s", "1h"),
  };
  return some(
    {},
    {
      ...limits,
      ...windows,
      control: constantFrom("on", "off", "old"),
      minRequests: constantFrom(1, 20, 1_000_000_000),
      confidence: constantFrom(0.5, 0.95, 0.999999),
      consecutiveFailures: constantFrom(0, 5, 1_000),
      onBreach: constantFrom("rollback", "freeze", "warn"),
      dryRun: fc.boolean(),
      generation: constantFrom(0, 1, 9007199254740991),
      "x-note": constant(1),
    },
  );
}

/** A part of a layer that no other flag has. @param {number} from */
const inLayer = (from) =>
  some({ enabled: constant(true), layer: some({ name: constant("line"), from: constant(from), to: constantFrom(from, from + 10) }, {}) }, { salt }); // prettier-ignore

const backends = record({
  stable: constant({ origin: "https://stable.example" }),
  canary: some(
    { origin: constant("http://[2001:db8::1]:8080") },
    {
      headers: constantFrom({}, { "x-release": "canary" }, { accept: "", "x-note": "a b" }),
      pathPrefix: constantFrom("/v2", "/a%20b/c"),
      timeout: constantFrom("1ms", "10s", "10m"),
      "x-note": constant(1),
    },
  ),
});
const match = some(
  {},
  {
    host: constantFrom("shop.example", "127.0.0.1", "[::1]"),
    path: constantFrom("/", "/a%20b*", "*"),
    methods: constantFrom(["GET"], ["GET", "POST", "M-SEARCH"]),
    if: condition,
  },
);
const visitor = some(
  { cookie: constantFrom("vid", "__Host-v"), maxAge: constantFrom("1s", "30d", "400d") },
  { consent: conditionsOver(plain) },
);
const delay = some({ fixed: constantFrom("0s", "250ms", "4m") }, { jitter: constantFrom("0ms", "1m") });
const abort = some({ status: constantFrom(200, 503, 599) }, {});

/** A fault with a name that no other one has. @param {string} name */
const fault = (name) => {
  const required = { name: constant(name), percentage, until: time };
  const optional = { if: condition, maxActive: constantFrom(1, 1_000_000_000), "x-note": constant([]) };
  return oneof(some({ ...required, delay }, { ...optional, abort }), some({ ...required, abort }, optional));
};
const faults = oneof(constant([]), fc.tuple(fault("slow")), fc.tuple(fault("slow"), fault("broken")));
const extras = { visitor, faults, cache: constantFrom("split", "private", "none") };
const route = oneof(
  some({ name: constant("r"), match, backend: constant("canary"), fallback: constant("stable") }, extras),
  some(
    {
      name: constant("s"),
      match,
      flag: constant("base"),
      backends: constantFrom({}, { on: "canary", off: "stable" }),
      fallback: constant("stable"),
    },
    extras,
  ),
);

/** The whole. */
export const snapshots = some(
  {
    segments: record({ adults: conditionsOver(plain) }, { noNullPrototype: true }),
    layers: some({ line: some({}, { bucketBy, salt }) }, {}),
    flags: some(
      { base: constantFrom({ enabled: true }, { enabled: false, rolloutPercentage: 5 }) },
      { first: flag, "zweite-größe": flag, third: guarded, left: inLayer(0), right: inLayer(50) },
    ),
    backends,
  },
  {
    $schema: constant("https://example.com/schema.json"),
    schema: constant(1),
    revision: constantFrom(0, 7, 9007199254740991),
    salt,
    maxAge: duration,
    faultsEnabled: fc.boolean(),
    routes: array(route, { maxLength: 2 }),
    "x-note": option(constant({ any: "thing" })),
  },
);
