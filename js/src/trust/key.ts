import { KEPT_KEYS, KEY_BYTES } from "./limits.js";

/**
 * What tokens are signed with: a secret as text (its UTF-8 is the key) or bytes, of 32 bytes or more, or a key for HMAC with
 * SHA-256. Let a generator make it, `openssl rand -base64 32` say: a sentence of 32 letters can be guessed.
 */
export type OverrideKey = string | Uint8Array | CryptoKey;

/** Imported keys of text secrets, and not promises of them: workerd doesn't let one request wait for another's. */
const kept = new Map<string, CryptoKey>();

/**
 * The key as WebCrypto takes it. What it throws never tells anything of the key.
 * @throws TypeError for what is no such key, RangeError for one of less than 32 bytes.
 */
export async function importKey(key: OverrideKey): Promise<CryptoKey> {
  if (typeof key === "string") return kept.get(key) ?? keep(key, await fromBytes(new TextEncoder().encode(key)));
  return ArrayBuffer.isView(key) ? fromBytes(Uint8Array.from(key)) : checked(key);
}

function keep(secret: string, key: CryptoKey): CryptoKey {
  const [oldest] = kept.keys();
  if (kept.size >= KEPT_KEYS && oldest !== undefined) kept.delete(oldest);
  kept.set(secret, key);
  return key;
}

async function fromBytes(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  checkLength(bytes.length);
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** A key for another hash would verify with that one, whatever is asked for. */
function checked(key: CryptoKey): CryptoKey {
  // What an unset variable gives is no key, whatever its type says.
  const algorithm = (key as Partial<CryptoKey> | null | undefined)?.algorithm as Partial<HmacKeyAlgorithm> | undefined;
  if (algorithm?.name !== "HMAC" || algorithm.hash?.name !== "SHA-256") {
    throw new TypeError("a key must be text, bytes or a `CryptoKey` for HMAC with SHA-256");
  }
  checkLength((algorithm.length ?? 0) / 8);
  return key;
}

function checkLength(bytes: number): void {
  if (bytes < KEY_BYTES) throw new RangeError(`a key must have at least ${KEY_BYTES} bytes`);
}
