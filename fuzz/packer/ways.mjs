/** Every way to ask the package for one flag's decision, and what each gives where the crate decides so. */
import { explanationText } from "../../js/dist/explain.js";

/** @typedef {import("../../js/dist/node.js").Engine} Engine */
/** One visitor: the context as it came, and prepared. @typedef {{ engine: Engine, context: any, prepared: import("../../js/dist/node.js").PreparedContext }} Visitor */
/** What is expected; `text` where the crate explains it. @typedef {{ variant: string | null, value: any, reason: string, detail: string, rule: [number, string | null] | null, errorCode: string | null, text?: string }} Expected */

/** @param {any} evaluation */
function told({ variant, value, reason, detail, rule, errorCode }) {
  return { variant, value, reason, detail, rule: rule ? [rule.index, rule.name ?? null] : null, errorCode: errorCode ?? null };
} // prettier-ignore

/** @param {any} explanation */
function explained(explanation) {
  return { ...told(explanation), text: explanationText({ ...explanation, age: null }) };
}

const whole = (/** @type {Expected} */ expected) => ({ ...told({ ...expected, rule: null }), rule: expected.rule });
const words = (/** @type {Expected} */ expected) => ({ ...whole(expected), text: expected.text });
const isOn = (/** @type {Expected} */ { value, errorCode }) => errorCode === null && value === true;
/** @param {any} other */
const valueOr =
  (other) =>
  (/** @type {Expected} */ { value, errorCode }) => {
    return errorCode === null && typeof value === typeof other ? value : other;
  };

/** @type {{ readonly [way: string]: { ask: (visitor: Visitor, key: string) => unknown, means: (expected: Expected) => unknown } }} */
export const WAYS = {
  isEnabled: { ask: ({ engine, context }, key) => engine.isEnabled(key, context), means: isOn },
  value: { ask: ({ engine, context }, key) => engine.value(key, context, false), means: valueOr(false) },
  "value, a text": { ask: ({ engine, context }, key) => engine.value(key, context, "none"), means: valueOr("none") },
  evaluate: { ask: ({ engine, context }, key) => told(engine.evaluate(key, context)), means: whole },
  explain: { ask: ({ engine, context }, key) => explained(engine.explain(key, context)), means: words },
  all: { ask: ({ engine, context }, key) => told(engine.evaluateAll(context).get(key)), means: whole },
  "all, isEnabled": { ask: ({ engine, context }, key) => engine.evaluateAll(context).isEnabled(key), means: isOn },
  "prepared isEnabled": { ask: ({ prepared }, key) => prepared.isEnabled(key), means: isOn },
  "prepared value": { ask: ({ prepared }, key) => prepared.value(key, "none"), means: valueOr("none") },
  "prepared evaluate": { ask: ({ prepared }, key) => told(prepared.evaluate(key)), means: whole },
  "prepared explain": { ask: ({ prepared }, key) => explained(prepared.explain(key)), means: words },
  "prepared all": { ask: ({ prepared }, key) => told(prepared.evaluateAll().get(key)), means: whole },
};
