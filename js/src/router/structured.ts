/**
 * Structured Fields for HTTP (RFC 9651): what the debug header needs of section 4.1, serialising.
 */

/** An enumerated word, written without quotes. */
export class Token {
  constructor(readonly text: string) {}
}

/** A dictionary's member value. */
export type Bare = string | number | boolean | Token;

/** Section 4.1.2: members in order; those that are true as their key alone. Keys must be lower-case ASCII. */
export function dictionary(members: Iterable<readonly [string, Bare]>): string {
  return Array.from(members, ([key, value]) => (value === true ? key : `${key}=${bareItem(value)}`)).join(", ");
}

function bareItem(value: Bare): string {
  if (value instanceof Token) return token(value.text);
  if (typeof value === "boolean") return value ? "?1" : "?0";
  if (typeof value === "number") return integer(value);
  return text(value);
}

/** Section 4.1.4: fifteen digits at most; what is no such integer is written as text. */
function integer(value: number): string {
  return Number.isInteger(value) && Math.abs(value) <= 999_999_999_999_999 ? String(value) : text(String(value));
}

/** Section 4.1.7; what is no token is written as text. */
function token(word: string): string {
  return /^[A-Za-z*][\w!#$%&'*+\-.^`|~:/]*$/.test(word) ? word : text(word);
}

/** Section 4.1.6, a string, where it is printable ASCII; otherwise section 4.1.11, a display string. */
function text(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : displayString(value);
}

function displayString(value: string): string {
  const octets = Array.from(new TextEncoder().encode(value), displayOctet);
  return `%"${octets.join("")}"`;
}

function displayOctet(octet: number): string {
  const asIs = octet >= 0x20 && octet <= 0x7e && octet !== 0x22 && octet !== 0x25;
  return asIs ? String.fromCharCode(octet) : `%${octet.toString(16).padStart(2, "0")}`;
}
