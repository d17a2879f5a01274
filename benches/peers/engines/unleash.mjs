import { EventEmitter } from "node:events";
import { Unleash } from "unleash-client";

export const about = {
  packageName: "unleash-client",
  notes: [
    "Features come from a repository of our own, a Map, as its constructor allows; metrics are off. The load is JSON.parse, that Map, and a client.",
    "A list of ids is a constraint IN, which is searched from the front, and trimmed, at each call.",
    "There are no off variants: the caller's default is in their place. JSON values are texts, parsed at each read.",
    "It is made for Node alone: the size is that of a bundle for Node, without Node's own modules.",
  ],
  format: "cjs",
  size: { entry: 'export { Unleash } from "unleash-client";', platform: "node" },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => ({
  features: definitions.map(featureOf),
  defaults: Object.fromEntries(definitions.map(({ key, variants, off }) => [key, variants[off]])),
});

function featureOf(definition) {
  const { key, listed } = definition;
  const named = listed === null ? [] : [strategy(key, 100, [constraint("userId", "IN", { values: listed })], [])];
  return { name: key, type: "release", enabled: true, variants: [], strategies: [...named, mainStrategy(definition)] };
}

function mainStrategy({ key, variants, on, percentage, rule, split }) {
  const parts = split ?? [{ variant: on, weight: 100 }];
  const served = typeof variants[on] === "boolean" ? [] : parts.map((part) => variantOf(part, variants));
  return strategy(key, percentage, rule === null ? [] : constraintsOf(rule), served);
}

const strategy = (groupId, rollout, constraints, variants) => ({
  name: "flexibleRollout",
  parameters: { rollout: String(rollout), stickiness: "userId", groupId },
  constraints,
  variants,
});

function variantOf({ variant, weight }, variants) {
  const value = variants[variant];
  const payload =
    typeof value === "string" ? { type: "string", value } : { type: "json", value: JSON.stringify(value) };
  return { name: variant, weight: weight * 10, stickiness: "userId", payload };
}

const constraintsOf = ({ countries, plan, atLeast }) => [
  constraint("country", "IN", { values: countries }),
  constraint("plan", "IN", { values: [plan] }),
  constraint("appVersion", "SEMVER_GTE", { value: atLeast }),
];
const constraint = (contextName, operator, operand) => ({ contextName, operator, values: [], ...operand });

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const { features, defaults } = JSON.parse(new TextDecoder().decode(bytes));
  const client = new Unleash({
    appName: "benches",
    url: "http://localhost/",
    disableMetrics: true,
    skipInstanceCountWarning: true,
    repository: new Features(features),
  });
  await client.start();
  const contextOf = ({ id, country, plan, appVersion }) => ({ userId: id, properties: { country, plan, appVersion } });
  const value = (key, context, fallback) => valueOf(client.getVariant(key, context), fallback);
  return {
    isEnabled: (key, id) => client.isEnabled(key, { userId: id }),
    value: (key, visitor) => value(key, contextOf(visitor), defaults[key]),
    prepare: contextOf,
    isEnabledFor: (context, key) => client.isEnabled(key, context),
    valueFor: (context, key) => value(key, context, defaults[key]),
    values(visitor, keys, out) {
      const context = contextOf(visitor);
      for (let i = 0; i < keys.length; i++) out[i] = read(client, keys[i], context, defaults[keys[i]]);
    },
  };
}

const read = (client, key, context, off) =>
  typeof off === "boolean" ? client.isEnabled(key, context) : valueOf(client.getVariant(key, context), off);

function valueOf({ enabled, payload }, fallback) {
  if (!enabled) return fallback;
  return payload.type === "json" ? JSON.parse(payload.value) : payload.value;
}

/** What the client asks for features. */
class Features extends EventEmitter {
  constructor(features) {
    super();
    this.features = new Map(features.map((feature) => [feature.name, feature]));
  }
  getToggle(name) {
    return this.features.get(name);
  }
  getToggles() {
    return [...this.features.values()];
  }
  getTogglesWithSegmentData() {
    return this.getToggles();
  }
  getSegment() {
    return undefined;
  }
  async start() {
    this.emit("ready");
  }
  stop() {}
}
