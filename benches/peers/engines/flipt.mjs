import { FliptClient } from "@flipt-io/flipt-client-js";

export const about = {
  packageName: "@flipt-io/flipt-client-js",
  notes: [
    "The snapshot comes from a fetcher of our own, and is taken in by refresh(); WebAssembly.",
    "A list of ids is a segment with the constraint isoneof, whose list is a JSON text.",
    "It cannot compare versions: the version as one number (major, minor and patch, thousands apart) is compared instead, made by the caller.",
    "Its module for Node has the wasm in it as a base64 text. The size is that of its slim form, with the .wasm beside it.",
    "Attachments (JSON values) are texts, parsed at each read.",
  ],
  wasm: () => new URL("../flipt_engine_wasm_js_bg.wasm", import.meta.resolve("@flipt-io/flipt-client-js")).href,
  size: { entry: 'export { FliptClient } from "./node_modules/@flipt-io/flipt-client-js/dist/slim/index.mjs";' },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => ({
  namespace: { key: "default" },
  flags: definitions.map((definition) =>
    typeof definition.variants[definition.off] === "boolean" ? booleanFlag(definition) : variantFlag(definition),
  ),
});

const constraint = (type, property, operator, value) => ({
  type: `${type}_CONSTRAINT_COMPARISON_TYPE`,
  property,
  operator,
  value,
});
const segment = (key, constraints) => ({ key, matchType: "ALL_SEGMENT_MATCH_TYPE", constraints });

function booleanFlag({ key, percentage, listed }) {
  const threshold = { type: "THRESHOLD_ROLLOUT_TYPE", rank: 2, threshold: { percentage, value: true } };
  const rollouts = listed === null ? [threshold] : [listRollout(key, listed), threshold];
  return { key, name: key, type: "BOOLEAN_FLAG_TYPE", enabled: false, rules: [], rollouts };
}

function listRollout(key, listed) {
  const segments = [segment(key, [constraint("ENTITY_ID", "entity", "isoneof", JSON.stringify(listed))])];
  return {
    type: "SEGMENT_ROLLOUT_TYPE",
    rank: 1,
    segment: { value: true, segmentOperator: "OR_SEGMENT_OPERATOR", segments },
  };
}

function variantFlag(definition) {
  const { key, variants, off, rule } = definition;
  const segments = [segment(key, rule === null ? [] : constraintsOf(rule))];
  const rules = [
    {
      id: key,
      rank: 1,
      segmentOperator: "AND_SEGMENT_OPERATOR",
      segments,
      distributions: distributionsOf(definition),
    },
  ];
  const defaultVariant = { id: off, key: off, attachment: JSON.stringify(variants[off]) };
  return { key, name: key, type: "VARIANT_FLAG_TYPE", enabled: true, rules, rollouts: [], defaultVariant };
}

function distributionsOf({ key, variants, on, off, percentage, split }) {
  const parts = (split ?? [{ variant: on, weight: 100 }]).map(({ variant, weight }) => [
    variant,
    (weight * percentage) / 100,
  ]);
  const all = percentage === 100 ? parts : [...parts, [off, 100 - percentage]];
  return all.map(([variant, rollout]) => ({
    ruleId: key,
    variantId: variant,
    variantKey: variant,
    variantAttachment: JSON.stringify(variants[variant]),
    rollout,
  }));
}

const constraintsOf = ({ countries, plan, atLeast }) => [
  constraint("STRING", "country", "isoneof", JSON.stringify(countries)),
  constraint("STRING", "plan", "eq", plan),
  constraint("NUMBER", "version", "gte", String(versionNumber(atLeast))),
];

/** @param {string} version */
function versionNumber(version) {
  const [major, minor, patch] = version.split(".");
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch);
}

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  let current = bytes;
  const fetcher = async () => new Response(current);
  const client = await FliptClient.init({ fetcher, updateInterval: 0 });
  const contextOf = ({ country, plan, appVersion }) => ({ country, plan, version: String(versionNumber(appVersion)) });
  const requestOf = (visitor) => ({ entityId: visitor.id, context: contextOf(visitor) });
  const value = (flagKey, { entityId, context }) =>
    JSON.parse(client.evaluateVariant({ flagKey, entityId, context }).variantAttachment);
  const isOn = (flagKey, { entityId, context }) => client.evaluateBoolean({ flagKey, entityId, context }).enabled;
  return {
    async load(newBytes) {
      current = newBytes;
      await client.refresh();
    },
    isEnabled: (key, id) => isOn(key, { entityId: id, context: {} }),
    value: (key, visitor) => value(key, requestOf(visitor)),
    prepare: requestOf,
    isEnabledFor: (request, key) => isOn(key, request),
    valueFor: (request, key) => value(key, request),
    values(visitor, keys, out) {
      const { entityId, context } = requestOf(visitor);
      const { responses } = client.evaluateBatch(keys.map((flagKey) => ({ flagKey, entityId, context })));
      for (let i = 0; i < keys.length; i++) out[i] = read(responses[i]);
    },
  };
}

const read = ({ booleanEvaluationResponse, variantEvaluationResponse }) =>
  booleanEvaluationResponse?.enabled ?? JSON.parse(variantEvaluationResponse.variantAttachment);
