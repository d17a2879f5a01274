import { OverrideBehaviour, PollingMode, createConsoleLogger, LogLevel, getClient } from "@configcat/sdk";

export const about = {
  packageName: "@configcat/sdk",
  notes: [
    "Settings come from a flag override (local only), asked through a snapshot, which is its synchronous form.",
    "A list of ids is a condition IS ONE OF (cleartext), searched from the front.",
    "There are no JSON values: they are texts, parsed at each read.",
    "An override takes parsed settings: the load is JSON.parse and a client.",
  ],
  size: { entry: 'export { getClient, OverrideBehaviour } from "@configcat/sdk";' },
};

const BOOLEAN = 0;
const STRING = 1;
const IS_ONE_OF = 0;
const TEXT_EQUALS = 28;
const SEM_VER_AT_LEAST = 9;

/** @param {import("../../workload.mjs").Definition[]} definitions */
export const translate = (definitions) =>
  Object.fromEntries(definitions.map((definition) => [definition.key, settingOf(definition)]));

function settingOf(definition) {
  const { variants, on, off, listed, rule } = definition;
  const setting = { t: typeof variants[off] === "boolean" ? BOOLEAN : STRING, ...served(variants[off]) };
  const p = partsOf(definition);
  if (rule !== null) return { ...setting, r: [{ c: conditionsOf(rule), p }] };
  if (listed === null) return { ...setting, p };
  return { ...setting, r: [{ c: [condition("Identifier", IS_ONE_OF, { l: listed })], ...wrap(variants[on]) }], p };
}

const served = (value) => ({ v: valueOf(value), i: "" });
const wrap = (value) => ({ s: served(value) });

function valueOf(value) {
  if (typeof value === "boolean") return { b: value };
  return { s: typeof value === "string" ? value : JSON.stringify(value) };
}

function partsOf({ variants, on, off, percentage, split }) {
  const parts = (split ?? [{ variant: on, weight: 100 }]).map(({ variant, weight }) => ({
    p: (weight * percentage) / 100,
    ...served(variants[variant]),
  }));
  return percentage === 100 ? parts : [...parts, { p: 100 - percentage, ...served(variants[off]) }];
}

const condition = (a, c, value) => ({ u: { a, c, ...value } });
const conditionsOf = ({ countries, plan, atLeast }) => [
  condition("Country", IS_ONE_OF, { l: countries }),
  condition("plan", TEXT_EQUALS, { s: plan }),
  condition("appVersion", SEM_VER_AT_LEAST, { s: atLeast }),
];

let clients = 0;

/** @param {Uint8Array} bytes */
export async function open(bytes) {
  const settings = JSON.parse(new TextDecoder().decode(bytes));
  // Clients are kept by their key: each load has one of its own.
  const client = getClient(`local/${++clients}`, PollingMode.ManualPoll, {
    logger: createConsoleLogger(LogLevel.Off),
    flagOverrides: { behaviour: OverrideBehaviour.LocalOnly, dataSource: { getOverrides: () => settings } },
  });
  const snapshot = client.snapshot();
  const userOf = ({ id, country, plan, appVersion }) => ({ identifier: id, country, custom: { plan, appVersion } });
  const value = (key, user, fallback) => snapshot.getValue(key, fallback, user);
  return {
    isEnabled: (key, id) => value(key, { identifier: id }, false),
    value: (key, visitor, fallback) => value(key, userOf(visitor), fallback),
    prepare: userOf,
    isEnabledFor: (user, key) => value(key, user, false),
    valueFor: (user, key, fallback) => value(key, user, fallback),
    values(visitor, keys, out) {
      const user = userOf(visitor);
      for (let i = 0; i < keys.length; i++) out[i] = read(value(keys[i], user, null));
    },
  };
}

const read = (value) => (typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value);
