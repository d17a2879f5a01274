/** Values that no caller should hand in: wrong types, objects that throw when they are looked at, and endless ones. */

/** @param {object} target */
function revoked(target) {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const refuse = () => {
  throw new Error("hostile");
};

const throwing = {
  get: refuse,
  has: refuse,
  ownKeys: refuse,
  getPrototypeOf: refuse,
  getOwnPropertyDescriptor: refuse,
};

function cyclic() {
  /** @type {unknown[]} */
  const list = [];
  list.push(list);
  return list;
}

/** An object within an object, 100,000 deep. */
function deep() {
  let inner = {};
  for (let i = 0; i < 100_000; i++) inner = { inner };
  return inner;
}

/** Each made anew, as some are used up. @type {{ [name: string]: () => any }} */
export const VALUES = {
  null: () => null,
  "a number": () => 1,
  NaN: () => NaN,
  Infinity: () => Infinity,
  "minus zero": () => -0,
  "a BigInt": () => 1n,
  "a symbol": () => Symbol("hostile"),
  "a function": () => refuse,
  "a date out of range": () => new Date(NaN),
  "a map": () => new Map([["userId", "alice"]]),
  "a lone surrogate": () => "\ud800",
  "a text of 1 MB": () => "x".repeat(1 << 20),
  "a text with NULs": () => "a\0b\r\n",
  "a list of 1,000,000": () => new Array(1_000_000).fill("x"),
  "a list within itself": cyclic,
  "an object 100,000 deep": deep,
  "an object without a prototype": () => Object.create(null),
  "a revoked proxy": () => revoked({}),
  "a revoked proxy of a list": () => revoked([]),
  "a proxy that throws": () => new Proxy({}, throwing),
  "a proxy of a list that throws": () => new Proxy([], throwing),
  "a proxy with every member": () => new Proxy({}, { get: (_, name) => (typeof name === "string" ? name : undefined) }),
  "a list of any length": () => new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 53 - 1 : "x") }),
  "a text that throws": () => ({ toString: refuse, valueOf: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse }),
};

/** Names that every object inherits. */
export const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

/** Clocks that go wrong. @type {{ [name: string]: () => any }} */
export const CLOCKS = {
  NaN: () => NaN,
  "for ever": () => Infinity,
  "before all time": () => -Infinity,
  "beyond dates": () => 1e300,
  "a text": () => "2026-01-01",
  "a BigInt": () => 1n,
  throws: refuse,
};
