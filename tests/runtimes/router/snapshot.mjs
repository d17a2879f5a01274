/**
 * The snapshot of these tests: `on` goes to `canary`, `off` to `stable`; `/fixed/*` to `stable` whoever asks.
 * @param {{ stable: string, canary: string }} origins
 * @param {object} [flag] - in place of the flag's whitelist.
 */
export function snapshotOf({ stable, canary }, flag = { rolloutPercentage: 0, whitelistUsers: ["alice"] }) {
  return {
    flags: { "new-checkout": { enabled: true, ...flag } },
    backends: { stable: { origin: stable }, canary: { origin: canary } },
    routes: [
      { name: "fixed", match: { path: "/fixed/*" }, backend: "stable", fallback: "stable" },
      {
        name: "shop",
        match: { path: "/shop/*" },
        flag: "new-checkout",
        backends: { on: "canary", off: "stable" },
        fallback: "stable",
        visitor: { cookie: "vid", maxAge: "1d" },
      },
    ],
  };
}
