/**
 * From a plan to the value that it describes. JSON's strings, numbers, booleans, nulls and lists stand for themselves.
 *
 * @typedef {Array<any>} PlanList - of plans: the type checker takes no alias that is made of itself.
 * @typedef {{ as: string, members: [string, Plan][] }} Holder - an object; `as` says of which form.
 * @typedef {{ odd: string }} Odd - something of `ODD`.
 * @typedef {{ repeat: [string, number] }} Long - a text that fills so many bytes, or a few less.
 * @typedef {{ elements: [Plan, number] }} Wide - a list of so many equal elements.
 * @typedef {string | number | boolean | null | Holder | Odd | Long | Wide | PlanList} Plan
 */

/** What JSON can't say, or what is easily taken for something else. @type {{ readonly [name: string]: () => unknown }} */
export const ODD = {
  undefined: () => undefined,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "-Infinity": () => -Infinity,
  "-0": () => -0,
  bigint: () => 7n,
  symbol: () => Symbol("s"),
  function: () => Object.assign(() => "called", { code: "x" }),
  date: () => new Date(1_000_000),
  "date, invalid": () => new Date(NaN),
  "string object": () => new String("x"),
  "number object": () => new Number(7),
  map: () => new Map([["code", "x"]]),
  bytes: () => new Uint8Array([1, 2]),
  "array with holes": () => Object.assign([], { 1: "x", length: 3 }),
  "array with a name": () => Object.assign(["x"], { code: "x", userId: "x" }),
  "array of its own class": () => new (class extends Array {})("x", 7),
  "object with toString": () => ({ toString: () => "x", valueOf: () => 7 }),
  "revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  throws: () => undefined,
};

/** @param {Plan} plan @returns {unknown} */
export function build(plan) {
  if (typeof plan !== "object" || plan === null) return plan;
  if (Array.isArray(plan)) return plan.map(build);
  if ("odd" in plan) return /** @type {() => unknown} */ (ODD[plan.odd])();
  if ("repeat" in plan) return plan.repeat[0].repeat(Math.floor(plan.repeat[1] / Buffer.byteLength(plan.repeat[0])));
  if ("elements" in plan) return Array.from({ length: plan.elements[1] }, () => build(plan.elements[0]));
  return /** @type {(members: [string, Plan][]) => unknown} */ (FORMS[plan.as])(plan.members);
}

/** @type {{ readonly [as: string]: (members: [string, Plan][]) => unknown }} */
const FORMS = {
  plain: (members) => filled({}, members),
  bare: (members) => filled(Object.create(null), members),
  class: (members) => filled(new (class Visitor {})(), members),
  getters: (members) => filled({}, members, true),
  inherited: (members) => Object.create(/** @type {object} */ (filled({}, members, true))),
  proxy: (members) => new Proxy(/** @type {object} */ (filled({}, members)), {}),
};

/** @param {object} holder @param {[string, Plan][]} members @param {boolean} [asGetters] */
function filled(holder, members, asGetters = false) {
  for (const [name, plan] of members) Object.defineProperty(holder, name, described(plan, asGetters));
  return holder;
}

/** @param {Plan} plan @param {boolean} asGetter @returns {PropertyDescriptor} */
function described(plan, asGetter) {
  const attributes = { configurable: true, enumerable: true };
  if (typeof plan === "object" && plan !== null && "odd" in plan && plan.odd === "throws") {
    return { ...attributes, get: () => { throw new Error("a getter that throws"); } }; // prettier-ignore
  }
  const value = build(plan);
  return asGetter ? { ...attributes, get: () => value } : { ...attributes, writable: true, value };
}
