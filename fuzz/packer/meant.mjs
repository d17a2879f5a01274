/**
 * What the contract makes of a JavaScript context: the JSON context that means the same natively, and which attributes can't be packed.
 *
 * - undefined, null and holes are missing: null.
 * - NaN, infinities, bigints, symbols, functions and, inside of lists, objects are there, and no operator reads them: an empty object.
 * - Any other object is one with its own members, whatever its class.
 * - A lone surrogate is U+FFFD, as the runtime's encoder has it.
 * - A member of the context that is inherited counts, but nothing that every object inherits; and no path leads through it.
 * - A getter that throws, and what is longer than the bounds, is an invalid context for the flags that ask for it.
 */

/** Bounds of the boundary: a text's bytes, a list's elements, a slot's bytes, and those of all. */
const [STRING, LIST, SLOT, REGION] = [16_384, 1_024, 16, 65_536];

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What a context with its names means. @typedef {NonNullable<ReturnType<typeof meant>>} Meaning */
/** @typedef {{ [name: string]: unknown }} Holder */

/** Null where it is no context: no array, and nothing else that is no object. @param {unknown} context @param {readonly string[]} names */
export function meant(context, names) {
  const known = context === undefined ? {} : context;
  if (!isHolder(known)) return null;
  return { json: contextText(known, names), weights: new Map(names.map((name) => [name, weightOf(known, name)])) };
}

/**
 * Whether these attributes fit together: null where only the order of packing tells. Strings begin at multiples of four bytes, lists at
 * multiples of eight, and before them are slots for all attributes and for some facts of a request, sixteen at most.
 * @param {Meaning} meaning @param {readonly string[]} asked
 */
export function fits({ weights }, asked) {
  const least = weights.size * SLOT + asked.reduce((sum, name) => sum + (weights.get(name)?.bytes ?? 0), 0);
  const most = least + 16 * SLOT + asked.reduce((sum, name) => sum + (weights.get(name)?.gaps ?? 0), 0);
  if (most <= REGION) return true;
  return least > REGION ? false : null;
}

/** @param {unknown} value @returns {value is Holder} */
function isHolder(value) {
  try {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Bytes of an attribute, and how many more alignment may take; infinite where it can't be read or is too long. @param {Holder} context @param {string} name */
function weightOf(context, name) {
  try {
    return weighed(resolved(context, name));
  } catch {
    return { bytes: Infinity, gaps: 0 };
  }
}

/** @param {unknown} value @returns {{ bytes: number, gaps: number }} */
function weighed(value) {
  if (typeof value === "string") return { bytes: textBytes(value), gaps: 3 };
  if (!Array.isArray(value)) return { bytes: 0, gaps: 0 };
  if (value.length > LIST) return { bytes: Infinity, gaps: 0 };
  const texts = value.map((element) => (typeof element === "string" ? textBytes(element) : 0));
  return { bytes: texts.reduce((sum, bytes) => sum + bytes, value.length * SLOT), gaps: 7 + 3 * value.length };
}

/** @param {string} text */
function textBytes(text) {
  const { length } = encoder.encode(text);
  return length > STRING ? Infinity : length;
}

/** An attribute's value: an own exact name, or else a path through own members. @param {Holder} context @param {string} name */
function resolved(context, name) {
  if (name.startsWith("request.")) return undefined;
  if (Object.hasOwn(context, name)) return checked(context[name]);
  if (name.includes(".")) return name.split(".").reduce(member, /** @type {unknown} */ (context));
  return name in Object.prototype ? undefined : checked(context[name]);
}

/** @param {unknown} holder @param {string} name @returns {unknown} */
function member(holder, name) {
  return isHolder(holder) && Object.hasOwn(holder, name) ? checked(holder[name]) : undefined;
}

/** Throws for a revoked proxy, as any use of it does. @template T @param {T} value */
function checked(value) {
  Array.isArray(value);
  return value;
}

/** @param {Holder} context @param {readonly string[]} names */
function contextText(context, names) {
  const inherited = names.filter((name) => isInherited(context, name));
  const members = inherited.map((name) => memberText(context, name, false));
  return `{${[...ownTexts(context), ...members].join(",")}}`;
}

/** @param {object} context @param {string} name */
function isInherited(context, name) {
  return !name.includes(".") && !Object.hasOwn(context, name) && name in context && !(name in Object.prototype);
}

/** @param {Holder} holder */
function ownTexts(holder) {
  return Object.getOwnPropertyNames(holder).map((name) => memberText(holder, name, true));
}

/** @param {Holder} holder @param {string} name @param {boolean} isDeep */
function memberText(holder, name, isDeep) {
  let value;
  try {
    value = holder[name];
  } catch {
    // Nobody may see it: who asks for it gets no decision.
  }
  return `${JSON.stringify(name)}:${valueText(value, isDeep)}`;
}

/** @param {unknown} value @param {boolean} isDeep - whether members of objects are of interest. @returns {string} */
function valueText(value, isDeep) {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return JSON.stringify(decoder.decode(encoder.encode(value)));
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "object" || !canBeRead(value)) return "{}";
  if (Array.isArray(value)) return `[${Array.from(value, elementText).join(",")}]`;
  return isDeep ? `{${ownTexts(/** @type {Holder} */ (value)).join(",")}}` : "{}";
}

/** @param {unknown} element */
function elementText(element) {
  return typeof element === "object" && element !== null ? "{}" : valueText(element, false);
}

/** @param {number} value */
function numberText(value) {
  if (!Number.isFinite(value)) return "{}";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** @param {object} value */
function canBeRead(value) {
  try {
    Array.isArray(value);
    return true;
  } catch {
    return false;
  }
}
