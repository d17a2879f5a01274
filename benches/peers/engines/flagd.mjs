import { FlagdCore } from "@openfeature/flagd-core";

export const about = {
  packageName: "@openfeature/flagd-core",
  notes: [
    "A list of ids is JsonLogic's `in`, which is searched from the front.",
    "Its load checks the document against a JSON Schema, and compiles rules by `new Function`, which edge runtimes forbid. Its option for those interprets the rules instead, and is not measured.",
  ],
  format: "cjs",
  size: { entry: 'export { FlagdCore } from "@openfeature/flagd-core";' },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => ({
  flags: Object.fromEntries(definitions.map((definition) => [definition.key, flagOf(definition)])),
});

const flagOf = (definition) => ({
  state: "ENABLED",
  variants: definition.variants,
  defaultVariant: definition.off,
  targeting: targetingOf(definition),
});

function targetingOf({ on, off, percentage, listed, rule, split }) {
  const parts = (split ?? [{ variant: on, weight: 100 }]).map(({ variant, weight }) => [
    variant,
    (weight * percentage) / 100,
  ]);
  const rest = percentage === 100 ? [] : [[off, 100 - percentage]];
  const rollout = { fractional: [...parts, ...rest] };
  if (listed !== null) return { if: [{ in: [{ var: "targetingKey" }, listed] }, on, rollout] };
  return rule === null ? rollout : { if: [conditionOf(rule), rollout, off] };
}

const conditionOf = ({ countries, plan, atLeast }) => ({
  and: [
    { in: [{ var: "country" }, countries] },
    { "===": [{ var: "plan" }, plan] },
    { sem_ver: [{ var: "appVersion" }, ">=", atLeast] },
  ],
});

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const core = new FlagdCore(undefined, silent);
  const load = (newBytes) => core.setConfigurations(new TextDecoder().decode(newBytes));
  load(bytes);
  const contextOf = ({ id, country, plan, appVersion }) => ({ targetingKey: id, country, plan, appVersion });
  return {
    load,
    isEnabled: (key, id) => core.resolveBooleanEvaluation(key, false, { targetingKey: id }).value,
    value: (key, visitor, fallback) => core.resolveStringEvaluation(key, fallback, contextOf(visitor)).value,
    prepare: contextOf,
    isEnabledFor: (context, key) => core.resolveBooleanEvaluation(key, false, context).value,
    valueFor: (context, key, fallback) => core.resolveStringEvaluation(key, fallback, context).value,
    values(visitor, keys, out) {
      const all = core.resolveAll(contextOf(visitor));
      for (let i = 0; i < keys.length; i++) out[i] = all[i].value;
    },
  };
}
