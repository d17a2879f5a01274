/** What changes with each revision, and the snapshot that says so. */

const LATER = "2099-01-01T00:00:00Z";
const PERCENTAGES = [5, 25, 50, 75, 100, 0, 25.5];
const WEIGHTS = [
  [1, 1, 1],
  [50, 30, 20],
  [0, 1, 3],
];
/** So many that a reload is work, and what it leaves behind shows. */
const FILLERS = 100;

/** The guard's `window`, and how long it must look bad, in seconds. */
export const WINDOW_S = 20;
export const FOR_S = 2;
/** The `timeout` of the backend that stalls: long enough that a busy machine does not add to what is too late. */
export const BACKEND_TIMEOUT_MS = 5_000;
export const ARMS = ["a", "b", "c"];
export const LISTED = ["listed-1", "listed-2"];

/**
 * A pure function of the revision, so that whoever knows that knows what was in force.
 * @param {number} revision
 */
export function settingsAt(revision) {
  return {
    enabled: revision % 11 !== 0,
    percentage: PERCENTAGES[revision % PERCENTAGES.length] ?? 0,
    isRuled: revision % 2 === 0,
    weights: WEIGHTS[revision % WEIGHTS.length] ?? [],
    splitPercentage: revision % 4 === 0 ? 60 : 100,
    faultsEnabled: revision % 13 !== 0,
    // One flag that nobody is routed by breaks alone.
    isBroken: revision % 5 === 0,
  };
}

/** @typedef {{ stable: string, canary: string, flaky: string, fresh: string }} Addresses */

/**
 * @param {number} revision
 * @param {number} generation - of the guard.
 * @param {Addresses} addresses
 */
export function snapshotAt(revision, generation, addresses) {
  const settings = settingsAt(revision);
  return JSON.stringify({
    revision,
    faultsEnabled: settings.faultsEnabled,
    segments: { staff: { attribute: "userId", op: "endsWith", values: ["-staff"] } },
    flags: { ...flagsOf(settings), release: guarded(generation), ...fillers(settings.isBroken) },
    backends: {
      ...Object.fromEntries(Object.entries(addresses).map(([name, origin]) => [name, { origin }])),
      flaky: { origin: addresses.flaky, timeout: `${BACKEND_TIMEOUT_MS}ms` },
    },
    routes: ROUTES,
  });
}

/** @param {ReturnType<typeof settingsAt>} settings */
function flagsOf({ enabled, percentage, isRuled, weights, splitPercentage }) {
  const rules = [
    { if: { attribute: "plan", op: "in", values: ["pro"] }, serve: "on" },
    { if: { segment: "staff" }, serve: "on" },
  ];
  const split = ARMS.map((variant, arm) => ({ variant, weight: weights[arm] }));
  return {
    checkout: {
      enabled,
      rollout: { percentage },
      whitelist: { on: LISTED },
      ...(isRuled ? { rules } : {}),
    },
    split: {
      enabled: true,
      variants: Object.fromEntries(ARMS.map((arm) => [arm, arm])),
      onVariant: "a",
      offVariant: "c",
      rollout: { split, percentage: splitPercentage },
    },
    risky: { enabled: true, rolloutPercentage: 50 },
  };
}

/** @param {number} generation */
function guarded(generation) {
  // Without ejections: failures in a row would have the variant out before the judge has looked.
  const guard = {
    errorRate: { max: 0.01 },
    window: `${WINDOW_S}s`,
    for: `${FOR_S}s`,
    slot: "1s",
    consecutiveFailures: 0,
  };
  return { enabled: true, rolloutPercentage: 50, guard: { ...guard, generation } };
}

/** @param {boolean} isBroken */
function fillers(isBroken) {
  const listed = Array.from({ length: 20 }, (_, id) => `somebody-${id}`);
  const flags = Array.from({ length: FILLERS }, (_, number) => {
    const rolloutPercentage = isBroken && number === 0 ? 150 : number;
    return [`filler-${number}`, { enabled: true, rolloutPercentage, whitelistUsers: listed }];
  });
  return Object.fromEntries(flags);
}

/** @param {string} name @param {string} flag @param {Record<string, string>} backends */
const route = (name, flag, backends) => ({ name, match: { path: `/${name}/*` }, flag, backends, fallback: "stable" });

const ROUTES = [
  {
    ...route("shop", "checkout", { on: "canary", off: "stable" }),
    visitor: { cookie: "vid", maxAge: "1d" },
  },
  route("split", "split", { a: "stable", b: "canary", c: "fresh" }),
  {
    ...route("chaos", "checkout", { on: "canary", off: "stable" }),
    faults: [
      { name: "abort", percentage: 10, until: LATER, abort: { status: 503 } },
      { name: "slow", percentage: 20, until: LATER, delay: { fixed: "20ms", jitter: "30ms" } },
    ],
  },
  route("guarded", "release", { on: "fresh", off: "stable" }),
  route("faulty", "risky", { on: "flaky", off: "stable" }),
];
