/**
 * The evaluation scenarios of the OpenFeature specification, appendix B (evaluation.feature, evaluation_v2.feature) and its provider
 * kit, appendix F (evaluation, errors and reason), as data: what is asked, and what has to come out. Left out is what JavaScript's
 * SDKs have not, a type of its own for integers, and what this engine has not, answers from a cache.
 */

const greeting = { greeting: "hi", parting: "bye" };
const images = { showImages: true, title: "Check out these pics!", imagesPerPage: 100 };
const zeros = {
  boolean: { zero: false, "non-zero": true },
  string: { zero: "", "non-zero": "str" },
  integer: { zero: 0, "non-zero": 1 },
  float: { zero: 0.0, "non-zero": 1.0 },
  object: { zero: {}, "non-zero": images },
};

const targeted = [{ if: { attribute: "email", op: "in", values: ["ballmer@macrosoft.com"] }, serve: "zero" }];
const UUID = "5c3d8535-f81a-4478-a6d3-afaa4d51199e";
const OTHER_UUID = "f20bd32d-703b-48b6-bc8e-79d53c85134a";

/** A flag that serves one of its variants to all; the other one where it is off. */
const serving = (onVariant, variants, more = {}) => ({
  enabled: true,
  variants,
  onVariant,
  offVariant: Object.keys(variants).find((name) => name !== onVariant),
  ...more,
});

const zeroFlags = Object.entries(zeros).flatMap(([type, variants]) => [
  [`${type}-zero-flag`, serving("zero", variants)],
  [`${type}-targeted-zero-flag`, serving("zero", variants, { rules: targeted })],
]);

const targetingKey = { attribute: "targetingKey", op: "in", values: [UUID] };
const notACustomer = { attribute: "customer", op: "in", values: [false] };

/** The flags that the scenarios are about, as a snapshot. */
export const snapshot = {
  flags: {
    "boolean-flag": serving("on", { on: true, off: false }),
    "string-flag": serving("greeting", greeting),
    "integer-flag": serving("ten", { one: 1, ten: 10 }),
    "float-flag": serving("half", { tenth: 0.1, half: 0.5 }),
    "object-flag": serving("template", { empty: {}, template: images }),
    "large-integer-flag": serving("max-int32", { one: 1, "max-int32": 2147483647 }),
    "huge-integer-flag": serving("max-safe", { one: 1, "max-safe": 9007199254740991 }),
    "wrong-flag": serving("one", { one: "uno", two: "dos" }),
    "metadata-flag": serving(
      "on",
      { on: true, off: false },
      { metadata: { string: "1.0.2", integer: 2, float: 0.1, boolean: true } },
    ),
    "context-aware": serving(
      "external",
      { internal: "INTERNAL", external: "EXTERNAL" },
      { rules: [{ if: notACustomer, serve: "internal" }] },
    ),
    "targeting-key-flag": serving(
      "miss",
      { miss: "miss", hit: "hit" },
      { rules: [{ if: targetingKey, serve: "hit" }] },
    ),
    ...Object.fromEntries(zeroFlags),
  },
};

/** Each type's default that is no flag's value. */
const DEFAULTS = { boolean: false, string: "fallback", number: 0.25, object: { a: 1 } };

/**
 * @typedef {"boolean" | "string" | "number" | "object"} Type
 * @typedef {{ value: unknown, reason: string, variant?: string, errorCode?: string, flagMetadata?: object }} Expected
 * @typedef {{ key: string, type: Type, fallback: unknown, context: Record<string, unknown>, expected: Expected }} Scenario
 */

/** @returns {Scenario} */
function resolves(type, key, variant, reason, context = {}, more = {}) {
  const value = snapshot.flags[key].variants[variant];
  const fallback = value === DEFAULTS[type] ? true : DEFAULTS[type];
  return { key, type, fallback, context, expected: { value, variant, reason, ...more } };
}

/** @returns {Scenario} */
function fails(type, key, errorCode, fallback = DEFAULTS[type]) {
  return { key, type, fallback, context: {}, expected: { value: fallback, reason: "ERROR", errorCode } };
}

const STATIC = [
  ["boolean", "boolean-flag", "on"],
  ["string", "string-flag", "greeting"],
  ["number", "integer-flag", "ten"],
  ["number", "float-flag", "half"],
  ["object", "object-flag", "template"],
  ["number", "large-integer-flag", "max-int32"],
  ["number", "huge-integer-flag", "max-safe"],
];

const ZEROS = [
  ["boolean", "boolean"],
  ["string", "string"],
  ["number", "integer"],
  ["number", "float"],
  ["object", "object"],
];

/** @type {readonly [key: string, types: Type[]][]} */
const MISMATCHES = [
  ["string-flag", ["boolean", "number", "object"]],
  ["wrong-flag", ["boolean", "number"]],
  ["boolean-flag", ["string", "number", "object"]],
  ["integer-flag", ["boolean", "string", "object"]],
  ["float-flag", ["boolean", "string"]],
  ["object-flag", ["boolean", "string", "number"]],
];

const metadata = { flagMetadata: snapshot.flags["metadata-flag"].metadata };
const person = { fn: "Sulisław", ln: "Świętopełk", age: 29 };
const role = { email: "ballmer@macrosoft.com", role: "admin", age: 65 };

/** @type {readonly Scenario[]} */
export const scenarios = [
  ...STATIC.map(([type, key, variant]) => resolves(type, key, variant, "STATIC")),
  ...STATIC.map(([type, key, variant]) => resolves(type, key, variant, "STATIC", { targetingKey: OTHER_UUID })),
  ...ZEROS.flatMap(([type, name]) => [
    resolves(type, `${name}-zero-flag`, "zero", "STATIC"),
    resolves(type, `${name}-targeted-zero-flag`, "zero", "TARGETING_MATCH", { email: "ballmer@macrosoft.com" }),
    resolves(type, `${name}-targeted-zero-flag`, "zero", "DEFAULT", { email: "ballmer@none.com" }),
    resolves(type, `${name}-targeted-zero-flag`, "zero", "DEFAULT"),
    resolves(type, `${name}-targeted-zero-flag`, "zero", "DEFAULT", { email: null }),
  ]),
  resolves("boolean", "metadata-flag", "on", "STATIC", {}, metadata),
  resolves("string", "context-aware", "internal", "TARGETING_MATCH", { ...person, customer: false }),
  resolves("string", "context-aware", "internal", "TARGETING_MATCH", { ...role, customer: false }),
  resolves("string", "context-aware", "external", "DEFAULT"),
  resolves("string", "targeting-key-flag", "hit", "TARGETING_MATCH", { targetingKey: UUID }),
  resolves("string", "targeting-key-flag", "miss", "DEFAULT", { targetingKey: OTHER_UUID }),
  resolves("string", "targeting-key-flag", "miss", "DEFAULT"),
  ...Object.keys(DEFAULTS).map((type) => fails(type, "missing-flag", "FLAG_NOT_FOUND")),
  ...MISMATCHES.flatMap(([key, types]) => types.map((type) => fails(type, key, "TYPE_MISMATCH"))),
];

/** Asks an SDK's client, by the flag's type. */
export function detailsOf(client, { type, key, fallback }, ...context) {
  const ask = { boolean: "Boolean", string: "String", number: "Number", object: "Object" }[type];
  return client[`get${ask}Details`](key, fallback, ...context);
}

/** What a scenario names of the details; of an error, that no variant is told. */
export function told({ value, reason, variant, errorCode, flagMetadata }, expected) {
  return {
    value,
    reason,
    ...(variant !== undefined && { variant }),
    ...(errorCode !== undefined && { errorCode }),
    ...("flagMetadata" in expected && { flagMetadata }),
  };
}

/** A scenario in a line. @param {Scenario} scenario */
export const nameOf = ({ type, key, context, expected }) =>
  `${key} as ${type} for ${JSON.stringify(context)}: ${expected.errorCode ?? expected.reason}`;
