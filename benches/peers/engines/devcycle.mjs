import bucketing from "@devcycle/bucketing-assembly-script";

export const about = {
  packageName: "@devcycle/bucketing-assembly-script",
  notes: [
    "The WebAssembly core of its server SDKs, asked as its Node SDK does: protobuf in, protobuf out, without events.",
    "A list of ids is a filter on user_id, which is searched from the front.",
    "The plan is given as deviceModel: with custom data the module aborts in its own garbage collector after some thousand calls.",
    "JSON values are texts, parsed at each read.",
  ],
  format: "cjs",
  wasm: () =>
    new URL("build/bucketing-lib.release.wasm", import.meta.resolve("@devcycle/bucketing-assembly-script")).href,
  wasmFolder: "build",
  size: {
    entry: 'import core from "@devcycle/bucketing-assembly-script/index-worker.js"; export { core };',
  },
};

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) => ({
  project: { _id: "project", key: "benches", a0_organization: "org", settings: { edgeDB: { enabled: false } } },
  environment: { _id: "environment", key: "benches" },
  audiences: {},
  features: definitions.map(featureOf),
  variables: definitions.map(({ key, variants, off }) => ({
    _id: idOf(key, "variable"),
    key,
    type: typeOf(variants[off]),
  })),
  variableHashes: {},
});

const idOf = (key, part) => `${part}-${key}`;

function typeOf(value) {
  if (typeof value === "boolean") return "Boolean";
  return typeof value === "string" ? "String" : "JSON";
}

function featureOf(definition) {
  const { key, variants } = definition;
  const variations = Object.entries(variants).map(([name, value]) => ({
    _id: idOf(key, name),
    key: name,
    name,
    variables: [{ _var: idOf(key, "variable"), value: typeof value === "object" ? JSON.stringify(value) : value }],
  }));
  const configuration = { _id: idOf(key, "configuration"), targets: targetsOf(definition) };
  return { _id: idOf(key, "feature"), key, type: "release", variations, configuration };
}

const EVERYBODY = [{ type: "all" }];

function targetsOf(definition) {
  const { key, on, off, listed, rule } = definition;
  const split = distributionOf(definition);
  const only = (variant) => [{ _variation: idOf(key, variant), percentage: 1 }];
  if (listed !== null)
    return [target(key, "listed", [filter("user_id", "=", listed)], only(on)), target(key, "rest", EVERYBODY, split)];
  if (rule === null) return [target(key, "all", EVERYBODY, split)];
  return [target(key, "rule", filtersOf(rule), split), target(key, "rest", EVERYBODY, only(off))];
}

const target = (key, name, filters, distribution) => ({
  _id: idOf(key, name),
  _audience: { filters: { operator: "and", filters } },
  distribution,
});
const filter = (subType, comparator, values) => ({ type: "user", subType, comparator, values });
const filtersOf = ({ countries, plan, atLeast }) => [
  filter("country", "=", countries),
  filter("deviceModel", "=", [plan]),
  filter("appVersion", ">=", [atLeast]),
];

function distributionOf({ key, on, off, percentage, split }) {
  const parts = (split ?? [{ variant: on, weight: 100 }]).map(({ variant, weight }) => ({
    _variation: idOf(key, variant),
    percentage: (weight / 100) * (percentage / 100),
  }));
  return percentage === 100 ? parts : [...parts, { _variation: idOf(key, off), percentage: 1 - percentage / 100 }];
}

const present = (value) => ({ value, isNull: false });

const SDK_KEY = "local";
const PLATFORM = {
  platform: "NodeJS",
  platformVersion: "20.0.0",
  sdkType: "server",
  sdkVersion: "1.0.0",
  hostname: "benches",
};

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const { VariableForUserParams_PB: Params, SDKVariable_PB: Variable, VariableType_PB: Type } = bucketing.ProtobufTypes;
  const core = await bucketing.instantiate();
  const load = (newBytes) => core.setConfigDataUTF8(SDK_KEY, newBytes);
  core.setPlatformData(JSON.stringify(PLATFORM));
  load(bytes);
  const userOf = ({ id, country, plan, appVersion }) => ({
    user_id: id,
    country: present(country),
    appVersion: present(appVersion),
    deviceModel: present(plan),
  });
  function ask(variableKey, variableType, user) {
    const params = { sdkKey: SDK_KEY, variableKey, variableType, user, shouldTrackEvent: false };
    const answer = core.variableForUser_PB(Params.encode(Params.create(params)).finish());
    return answer === null ? null : Variable.decode(answer);
  }
  const isOn = (key, user) => ask(key, Type.Boolean, user)?.boolValue === true;
  const text = (key, user, fallback) => ask(key, Type.String, user)?.stringValue ?? fallback;
  return {
    load,
    isEnabled: (key, id) => isOn(key, { user_id: id }),
    value: (key, visitor, fallback) => text(key, userOf(visitor), fallback),
    prepare: userOf,
    isEnabledFor: (user, key) => isOn(key, user),
    valueFor: (user, key, fallback) => text(key, user, fallback),
    values({ id, country, plan, appVersion }, keys, out) {
      const user = JSON.stringify({ user_id: id, country, appVersion, deviceModel: plan });
      const { variables } = JSON.parse(core.generateBucketedConfigForUser(SDK_KEY, user));
      for (let i = 0; i < keys.length; i++) out[i] = read(variables[keys[i]]);
    },
  };
}

const read = ({ type, value }) => (type === "JSON" && typeof value === "string" ? JSON.parse(value) : value);
