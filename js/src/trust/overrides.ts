import type { Override } from "../types.js";
import { fromBase64url, toBase64url } from "./base64url.js";
import { claimsOf, payloadOf, type OverrideClaims } from "./claims.js";
import { importKey, type OverrideKey } from "./key.js";
import { LIFETIME, TEXT_CHARACTERS, TOKENS } from "./limits.js";

/** Signed before each payload, so that no signature made for something else with the same key is good for a token. */
const PURPOSE = "pointsman-override-v1.";

/** An override, and how long it holds. */
export interface VerifiedOverride extends Override {
  /** The first moment at which it no longer holds: milliseconds since 1970. */
  readonly expires: number;
}

/** How tokens are verified. */
export interface VerifyOptions {
  /** The key, or while keys change all that are still good. */
  readonly key: OverrideKey | readonly OverrideKey[];
  /** Where the request was made: only tokens minted for exactly this are taken. */
  readonly scope: string;
  /** Milliseconds since 1970. Default: the clock's. With what is no finite number no token holds. */
  readonly now?: number;
}

/** How a token is minted. */
export interface MintOptions {
  /** Milliseconds since 1970. Default: the clock's. */
  readonly now?: number;
}

/**
 * Mints a token: whoever holds it sees this variant in this scope, until it expires. It is signed, not encrypted, and can't be
 * withdrawn but by changing the key.
 *
 * Its form: `base64url(payload) "." base64url(HMAC-SHA-256(key, "pointsman-override-v1." base64url(payload)))`, without padding;
 * the payload is `{"flag":…,"variant":…,"expires":…,"scope":…}`, as `JSON.stringify` writes it. Tokens are joined by `~`.
 *
 * @throws TypeError, RangeError (the promise rejects) for a flag, variant or scope that is empty, longer than 256 bytes or holds
 * control characters; an expiry that is no finite number, has passed, or is more than 90 days ahead; a key that is none, or has
 * less than 32 bytes.
 * @example
 * const inAnHour = Date.now() + 3_600_000;
 * const token = await mintOverride({ flag: "new-checkout", variant: "on", expires: inAnHour, scope: "shop.example" }, key);
 * const link = `https://shop.example/?pointsman-override=${token}`;
 */
export async function mintOverride(
  claims: OverrideClaims,
  key: OverrideKey,
  { now = Date.now() }: MintOptions = {},
): Promise<string> {
  const text = payloadOf({ ...claims, expires: wholeExpiry(claims.expires, now) });
  const payload = toBase64url(new TextEncoder().encode(text));
  const signature = await crypto.subtle.sign("HMAC", await importKey(key), signed(payload));
  return `${payload}.${toBase64url(new Uint8Array(signature))}`;
}

/**
 * The overrides of those tokens (joined by `~`) that are sound, unexpired and of this scope, in their order; of two for one
 * flag the first. All others are ignored; so are all together if they are longer than 8,192 characters or more than 16.
 *
 * @throws TypeError, RangeError (the promise rejects) for a key or scope that can't be one, never for a token.
 * @example
 * const overrides = await verifyOverrides(tokens, { key: [newKey, oldKey], scope: "shop.example" });
 */
export async function verifyOverrides(tokens: string, options: VerifyOptions): Promise<readonly VerifiedOverride[]> {
  const { scope, now = Date.now() } = options;
  if (typeof scope !== "string") throw new TypeError("`scope` must be text");
  const keys = await importKeys([options.key].flat());
  const claims = await Promise.all(split(tokens).map((token) => claimsIfSigned(token, keys)));
  // Anything but a number would be compared as one: `null` is 1970.
  const isTime = Number.isFinite(now);
  const good = claims.filter((claim) => claim !== null && isTime && claim.scope === scope && claim.expires > now);
  return firstOfEach(good.filter((claim) => claim !== null));
}

/** A fraction is cut off: no token holds longer than asked for. */
function wholeExpiry(expires: number, now: number): number {
  if (typeof expires !== "number") throw new TypeError("`expires` must be a number");
  if (!Number.isFinite(expires)) throw new RangeError("`expires` must be finite");
  const whole = Math.floor(expires);
  if (!(whole > now)) throw new RangeError("`expires` has passed: it is in milliseconds since 1970");
  if (whole - now > LIFETIME) throw new RangeError("`expires` must be at most 90 days ahead, in milliseconds");
  return whole;
}

async function importKeys(keys: readonly OverrideKey[]): Promise<readonly CryptoKey[]> {
  if (keys.length === 0) throw new RangeError("at least one key is needed");
  return Promise.all(keys.map(importKey));
}

/** None at all of too much: which of them would count is nobody's guess. */
function split(tokens: string): readonly string[] {
  if (typeof tokens !== "string" || tokens.length > TEXT_CHARACTERS) return [];
  const parts = tokens.split("~");
  return parts.length > TOKENS ? [] : parts;
}

/** The signature first: nothing of a payload is read before it is known to be ours. */
async function claimsIfSigned(token: string, keys: readonly CryptoKey[]): Promise<OverrideClaims | null> {
  const [payload = "", signature = "", ...more] = token.split(".");
  const bytes = fromBase64url(payload);
  const tag = fromBase64url(signature);
  if (bytes === null || tag === null || more.length > 0) return null;
  return (await isSigned(signed(payload), tag, keys)) ? claimsOf(bytes) : null;
}

async function isSigned(
  data: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  keys: readonly CryptoKey[],
): Promise<boolean> {
  for (const key of keys) {
    if (await crypto.subtle.verify("HMAC", key, signature, data)) return true;
  }
  return false;
}

function signed(payload: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(PURPOSE + payload);
}

function firstOfEach(claims: readonly OverrideClaims[]): readonly VerifiedOverride[] {
  const seen = new Set<string>();
  return claims.filter(({ flag }) => !seen.has(flag) && seen.add(flag)).map(withoutScope);
}

function withoutScope({ flag, variant, expires }: OverrideClaims): VerifiedOverride {
  return { flag, variant, expires };
}
