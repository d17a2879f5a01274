/** An address that only documents have (RFC 5737): no test comes from there. */
export const ELSEWHERE = "203.0.113.7";

const flag = (members) => ({ enabled: true, rolloutPercentage: 0, ...members });
const only = (attribute, op, values) => flag({ rules: [{ if: { attribute, op, values }, serve: "on" }] });

/** What the routes go by, a flag each: `/NAME/*` is decided by the flag NAME. */
const flags = {
  half: flag({ rolloutPercentage: 50 }),
  listed: flag({ whitelistUsers: ["alice"] }),
  elsewhere: only("request.ip", "ipInRange", ["203.0.113.0/24"]),
  here: only("request.ip", "ipInRange", ["127.0.0.0/8", "::1/128"]),
  german: only("request.country", "in", ["DE"]),
};

/**
 * The snapshot of all platforms: each flag's `on` goes to canary, all else to stable; `/fixed/*` to stable whoever asks, and what
 * is listed under `/down/*` to a port that nothing listens on.
 * @param {{ stable: string, canary: string, down: string }} origins
 * @param {number} moving - the percentage of the flag `moving`.
 */
export function snapshotOf({ stable, canary, down }, moving) {
  const all = { ...flags, moving: flag({ rolloutPercentage: moving }) };
  const routed = Object.keys(all).map((name) => routeOf(name, name, "canary"));
  return {
    flags: all,
    backends: { stable: { origin: stable }, canary: { origin: canary }, down: { origin: down } },
    routes: [...routed, routeOf("down", "listed", "down"), { ...match("fixed"), backend: "stable" }],
  };
}

const match = (name) => ({ name, match: { path: `/${name}/*` }, fallback: "stable" });
const routeOf = (name, flag, on) => ({ ...match(name), flag, backends: { on, off: "stable" } });
