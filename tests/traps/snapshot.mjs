/** What all scenarios decide by, and what is right by hand. */

export const ALICE = { userId: "alice" };

const listed = { enabled: true, rolloutPercentage: 0, whitelistUsers: ["alice"] };
const guard = { errorRate: { max: 0.01 }, slot: "5s", for: "0s", minRequests: 1 };
const canary = { enabled: true, guard, rolloutPercentage: 100, offVariant: "off" };
const half = { enabled: true, rolloutPercentage: 50 };

const backends = { stable: { origin: "http://stable.test" }, canary: { origin: "http://canary.test" } };
const twoOf = (/** @type {string} */ flag, /** @type {string} */ path) => ({
  name: flag,
  match: { path },
  flag,
  backends: { on: "canary", off: "stable" },
  fallback: "stable",
});
const routes = [twoOf("listed", "/listed"), twoOf("canary", "/guarded"), twoOf("half", "/*")];
const rest = { backends, routes };

export const FIRST = { revision: 1, ...rest, flags: { listed, canary, half, mended: { enabled: true } } };
/** `mended` is broken here: the definition of the first snapshot is carried. */
export const SECOND = {
  revision: 2,
  ...rest,
  flags: { listed, canary, half, mended: { enabled: true, rolloutPercentage: 150 } },
};
export const THIRD = { ...SECOND, revision: 3 };

/** What is wrong with an engine that has the second snapshot, and a rollback in force. */
export function faultsOf(/** @type {import("../../js/dist/node.js").Engine} */ engine, revision = 2) {
  const overridden = { context: ALICE, overrides: [{ flag: "half", variant: "off" }] };
  const routed = engine.route(requestTo("/any"), /** @type {any} */ (overridden));
  const told = [
    ["revision", engine.revision, revision],
    ["listed", engine.isEnabled("listed", ALICE), true],
    ["not listed", engine.isEnabled("listed", { userId: "bob" }), false],
    ["carried", engine.isEnabled("mended", ALICE), true],
    ["rolled back", engine.evaluate("canary", ALICE).detail, "rollback"],
    ["explained", engine.explain("listed", ALICE).variant, "on"],
    ["routed", engine.route(requestTo("/listed"), { context: ALICE })?.backend, "canary"],
    ["overridden", routed?.evaluation?.detail, "override"],
    ["in force", engine.orders.directives?.length, 1],
  ];
  return told.filter(([, is, right]) => is !== right).map(([what, is]) => `${what}: ${is}`);
}

export const requestTo = (/** @type {string} */ path) => ({
  url: `http://site.test${path}`,
  method: "GET",
  headers: new Headers(),
});
