/** How the bench asks pointsman, whichever build it is. */

/** Room for 10,000 flags. */
export const maxSnapshotBytes = 32 * 1024 * 1024;

/**
 * How an engine of either build is asked.
 * @param {import("pointsman/flags").FlagEngine} engine
 */
export function asked(engine) {
  return {
    load: (newBytes) => engine.load(newBytes),
    isEnabled: (key, id) => engine.isEnabled(key, { userId: id }),
    value: (key, { id, country, plan, appVersion }, fallback) =>
      engine.value(key, { userId: id, country, plan, appVersion }, fallback),
    prepare: ({ id, country, plan, appVersion }) => engine.context({ userId: id, country, plan, appVersion }),
    isEnabledFor: (context, key) => context.isEnabled(key),
    valueFor: (context, key, fallback) => context.value(key, fallback),
    values({ id, country, plan, appVersion }, keys, out) {
      const all = engine.evaluateAll({ userId: id, country, plan, appVersion });
      for (let i = 0; i < keys.length; i++) out[i] = all.get(keys[i])?.value;
    },
    switches({ id, country, plan, appVersion }, keys, out) {
      const all = engine.evaluateAll({ userId: id, country, plan, appVersion });
      for (let i = 0; i < keys.length; i++) out[i] = all.isEnabled(keys[i]);
    },
  };
}
