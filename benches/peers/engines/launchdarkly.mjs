import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";

export const about = {
  packageName: "@launchdarkly/node-server-sdk",
  notes: [
    "Every answer is a promise, so it is waited for each time; with its own TestData as the source, without events.",
    "A list of ids is a target, which is searched from the front.",
    "TestData copies each flag through JSON, which its load has in it.",
    "The size is that of @launchdarkly/js-server-sdk-common, on which its SDKs for edges are built too, without a platform's part.",
  ],
  awaits: true,
  format: "cjs",
  size: { entry: 'export { LDClientImpl } from "@launchdarkly/js-server-sdk-common";' },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => definitions.map(flagOf);

/** Weights are in thousandths of a percent. */
const WHOLE = 100_000;

function flagOf(definition) {
  const { key, variants, off, listed, rule } = definition;
  const names = Object.keys(variants);
  const place = (variant) => names.indexOf(variant);
  const rollout = rolloutOf(definition, place);
  return {
    key,
    version: 1,
    on: true,
    salt: key,
    variations: Object.values(variants),
    offVariation: place(off),
    targets: listed === null ? [] : [{ variation: place(definition.on), values: listed }],
    rules: rule === null ? [] : [{ id: "rule", clauses: clausesOf(rule), rollout }],
    fallthrough: rule === null ? { rollout } : { variation: place(off) },
  };
}

function rolloutOf({ on, off, percentage, split }, place) {
  const parts = (split ?? [{ variant: on, weight: 100 }]).map(({ variant, weight }) => ({
    variation: place(variant),
    weight: (weight / 100) * (percentage / 100) * WHOLE,
  }));
  return { variations: [...parts, { variation: place(off), weight: (1 - percentage / 100) * WHOLE }] };
}

const clausesOf = ({ countries, plan, atLeast }) => [
  clause("country", "in", countries),
  clause("plan", "in", [plan]),
  // There is no "at least": not less than.
  { ...clause("appVersion", "semVerLessThan", [atLeast]), negate: true },
];
const clause = (attribute, op, values) => ({ attribute, op, values, negate: false, contextKind: "user" });

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const data = new TestData();
  for (const flag of JSON.parse(new TextDecoder().decode(bytes))) data.usePreconfiguredFlag(flag);
  const client = init("local", {
    updateProcessor: data.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: silent,
  });
  await client.waitForInitialization({ timeout: 10 });
  const contextOf = ({ id, country, plan, appVersion }) => ({ kind: "user", key: id, country, plan, appVersion });
  return {
    isEnabled: (key, id) => client.variation(key, { kind: "user", key: id }, false),
    value: (key, visitor, fallback) => client.variation(key, contextOf(visitor), fallback),
    prepare: contextOf,
    isEnabledFor: (context, key) => client.variation(key, context, false),
    valueFor: (context, key, fallback) => client.variation(key, context, fallback),
    async values(visitor, keys, out) {
      const all = (await client.allFlagsState(contextOf(visitor))).allValues();
      for (let i = 0; i < keys.length; i++) out[i] = all[keys[i]];
    },
  };
}

const silent = { error() {}, warn() {}, info() {}, debug() {} };
