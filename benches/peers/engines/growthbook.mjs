import { GrowthBookClient } from "@growthbook/growthbook";

export const about = {
  packageName: "@growthbook/growthbook",
  notes: [
    "GrowthBookClient, its form for servers; without tracking callbacks.",
    "A list of ids is a condition with $in, which is searched from the front.",
    "A document is parsed and taken as it is: nothing is checked at load.",
  ],
  size: { entry: 'export { GrowthBookClient } from "@growthbook/growthbook";' },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => ({
  features: Object.fromEntries(definitions.map((definition) => [definition.key, featureOf(definition)])),
});

function featureOf(definition) {
  const { variants, on, off, listed } = definition;
  const named = listed === null ? [] : [{ condition: { id: { $in: listed } }, force: variants[on] }];
  return { defaultValue: variants[off], rules: [...named, ruleOf(definition)] };
}

function ruleOf({ key, variants, on, percentage, rule, split }) {
  const sampled = { seed: key, hashAttribute: "id", hashVersion: 2, coverage: percentage / 100, ...conditionOf(rule) };
  if (split === null) return { ...sampled, force: variants[on] };
  const weights = split.map(({ weight }) => weight / 100);
  return { ...sampled, key, variations: split.map(({ variant }) => variants[variant]), weights };
}

const conditionOf = (rule) =>
  rule === null
    ? {}
    : { condition: { country: { $in: rule.countries }, plan: rule.plan, appVersion: { $vgte: rule.atLeast } } };

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const client = new GrowthBookClient().initSync({ payload: JSON.parse(new TextDecoder().decode(bytes)) });
  const contextOf = ({ id, country, plan, appVersion }) => ({ attributes: { id, country, plan, appVersion } });
  return {
    isEnabled: (key, id) => client.isOn(key, { attributes: { id } }),
    value: (key, visitor, fallback) => client.getFeatureValue(key, fallback, contextOf(visitor)),
    prepare: contextOf,
    isEnabledFor: (context, key) => client.isOn(key, context),
    valueFor: (context, key, fallback) => client.getFeatureValue(key, fallback, context),
    values(visitor, keys, out) {
      const context = contextOf(visitor);
      for (let i = 0; i < keys.length; i++) out[i] = client.getFeatureValue(keys[i], null, context);
    },
  };
}
