import { LIST_ELEMENTS } from "./layout.js";

/** The ids that a flag is bucketed by unless it says otherwise, in this order. */
export const DEFAULT_UNIT = ["targetingKey", "userId", "visitorId"] as const;

/** What the names of attributes begin with that only a request knows. */
export const REQUEST = "request.";

/** A caller's context, read by name. */
export type Attributes = { readonly [name: string]: unknown };

/** Stands for a value that is there, but that no operator reads. */
export const UNUSABLE: unique symbol = Symbol("unusable");

/** Reads one attribute of a context; may run the caller's getters, and throw what they throw. */
export type Reader = (context: Attributes) => unknown;

/** An attribute that flags ask for. */
export interface Attribute {
  /** Its place among the attributes of the snapshot. */
  readonly index: number;
  readonly read: Reader;
}

/** True for the attributes that only a request knows. */
export function isOfRequest(name: string): boolean {
  return name.startsWith(REQUEST);
}

/** True for what can hold attributes: an object that is no array. */
export function isContext(value: unknown): value is Attributes {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * How an attribute of this name is read. `request.*` is the platform's alone. A name with dots is an own key, or else
 * a path. A name that every object inherits (`constructor`) counts only where it is the context's own.
 */
export function readerOf(name: string): Reader {
  if (isOfRequest(name)) return () => undefined;
  if (name.includes(".")) return pathReader(name);
  if (name in Object.prototype) return (context) => plain(own(context, name));
  return memberReader(Object.keys({ [name]: 0 })[0] as string);
}

/**
 * Reads a member. V8 keeps what it learns of a place in memory with the text of the function: one text for all names knows too
 * many of them, and looks each one up. The name must be the text that it keeps for properties, as `Object.keys` gives it.
 */
function memberReader(name: string): Reader {
  const readers: readonly Reader[] = [
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
    (context) => plain(context[name]),
  ];
  return readers[(next = (next + 1) % readers.length)] as Reader;
}

let next = 0;

function pathReader(name: string): Reader {
  const path = name.split(".");
  return (context) => plain(Object.hasOwn(context, name) ? context[name] : path.reduce<unknown>(own, context));
}

function own(holder: unknown, name: string): unknown {
  return isContext(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined;
}

/** The value as the boundary packs it: arrays are copied, other objects are of no use to any operator. */
export function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? copyOf(value) : UNUSABLE;
}

/** One element more than is allowed is copied, so that the packer sees a list that is too long. */
function copyOf(list: readonly unknown[]): unknown[] {
  const copy: unknown[] = [];
  const length = Math.min(list.length, LIST_ELEMENTS + 1);
  for (let i = 0; i < length; i++) copy.push(element(list[i]));
  return copy;
}

function element(value: unknown): unknown {
  return typeof value === "object" && value !== null ? UNUSABLE : value;
}
