import type { Override } from "../types.js";
import { NAME_BYTES } from "./limits.js";

/** What a token says. */
export interface OverrideClaims extends Override {
  /** The first moment at which it no longer holds: milliseconds since 1970. */
  readonly expires: number;
  /** Where it holds, the site's host say: `shop.example`. Compared as it is, so hosts in lower case. */
  readonly scope: string;
}

/**
 * The one text for these claims: their members in this order, without white space, as `JSON.stringify` writes them.
 * @throws TypeError, RangeError for what is no name or no whole number.
 */
export function payloadOf({ flag, variant, expires, scope }: OverrideClaims): string {
  for (const [what, name] of Object.entries({ flag, variant, scope })) checkName(what, name);
  if (!Number.isSafeInteger(expires)) throw new RangeError("`expires` must be a whole number of milliseconds");
  return JSON.stringify({ flag, variant, expires, scope });
}

/** The claims of a payload; null for any text that `payloadOf` doesn't give: other members, twice the same, another order. */
export function claimsOf(payload: Uint8Array<ArrayBuffer>): OverrideClaims | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
    const claims = JSON.parse(text) as OverrideClaims;
    return payloadOf(claims) === text ? claims : null;
  } catch {
    return null;
  }
}

function checkName(what: string, name: unknown): void {
  if (typeof name !== "string") throw new TypeError(`\`${what}\` must be text`);
  // Half a surrogate pair has no UTF-8.
  if (!/^[^\p{Cc}\p{Cs}]+$/u.test(name))
    throw new RangeError(`\`${what}\` must not be empty or hold control characters`);
  if (new TextEncoder().encode(name).length > NAME_BYTES) {
    throw new RangeError(`\`${what}\` must have at most ${NAME_BYTES} bytes`);
  }
}
