import { importPublicKey, isSignedBy, keyId, type PublicKey } from "./ed25519.js";
import { CLOCK_SKEW } from "./limits.js";
import { SignatureError } from "./signature-error.js";
import { messageOf, signaturesIn, type Signature } from "./signature-text.js";

/** Public keys by their ids. */
export type KeyRing = ReadonlyMap<string, CryptoKey>;

/** @throws TypeError, RangeError (the promise rejects) for what are no public keys, or none at all. */
export async function keyRing(keys: readonly PublicKey[]): Promise<KeyRing> {
  const ring = new Map<string, CryptoKey>();
  for (const key of keys) ring.set(await keyId(key), await importPublicKey(key));
  if (ring.size === 0) throw new RangeError("at least one key is needed");
  return ring;
}

/**
 * Those signatures in a text that are good for the snapshot, the newest first; how old they are is not looked at.
 * @throws SignatureError (the promise rejects) where none is.
 */
export async function goodSignatures(
  snapshot: Uint8Array,
  text: string,
  keys: KeyRing,
): Promise<readonly [Signature, ...Signature[]]> {
  if (typeof text !== "string" || text.trim() === "") {
    throw new SignatureError("UNSIGNED", "the snapshot has no signature");
  }
  const signatures = signaturesIn(text);
  const good: Signature[] = [];
  for (const signature of signatures) if (await isGood(signature, snapshot, keys)) good.push(signature);
  const [newest, ...others] = good.sort((a, b) => b.signedAt - a.signedAt);
  if (newest === undefined) throw refusal(signatures, keys);
  return [newest, ...others];
}

/**
 * @param maxAge - in milliseconds.
 * @param now - in milliseconds since 1970.
 * @throws SignatureError for a signature that was made longer ago, or ahead of `now`; with NaN, for each.
 */
export function checkAge({ signedAt }: Signature, maxAge: number, now: number): void {
  // Subtracted: added to, a time that came as text would be a longer text.
  if (signedAt - now > CLOCK_SKEW) {
    throw new SignatureError(
      "FUTURE_SIGNATURE",
      `the snapshot was signed at ${timeText(signedAt)}, ahead of this clock`,
    );
  }
  if (!(now - signedAt <= maxAge)) {
    throw new SignatureError("EXPIRED_SIGNATURE", `the snapshot was signed at ${timeText(signedAt)}, too long ago`);
  }
}

/** RFC 3339; a time beyond what a `Date` has stays a number. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

async function isGood({ keyId, signedAt, bytes }: Signature, snapshot: Uint8Array, keys: KeyRing): Promise<boolean> {
  const key = keys.get(keyId);
  return key !== undefined && isSignedBy(key, bytes, messageOf(keyId, signedAt, snapshot));
}

/** An operator must learn which key is not known here; of all else a forger learns nothing. */
function refusal(signatures: readonly Signature[], keys: KeyRing): SignatureError {
  const ids = new Set(signatures.map(({ keyId }) => keyId));
  if (ids.size === 0 || [...ids].some((id) => keys.has(id))) {
    return new SignatureError("INVALID_SIGNATURE", "the snapshot's signature is not valid");
  }
  const named = [...ids].map((id) => `\`${id}\``).join(", ");
  return new SignatureError("UNKNOWN_KEY", `the snapshot is signed by a key that is not known here: ${named}`);
}
