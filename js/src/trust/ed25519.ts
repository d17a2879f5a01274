import { fromBase64url, toBase64url } from "./base64url.js";
import { SignatureError } from "./signature-error.js";
import { isWeak } from "./weak-key.js";

/** What snapshots are verified with: the 32 bytes of an Ed25519 public key in base64url, or its JWK (RFC 8037). */
export type PublicKey = string | JsonWebKey;

/** What snapshots are signed with: an Ed25519 private key as a JWK (RFC 8037). Keep it where snapshots are published, and nowhere else. */
export interface SigningKey extends JsonWebKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  /** The public key's 32 bytes in base64url. */
  readonly x: string;
  /** The private key's 32 bytes in base64url. */
  readonly d: string;
}

const ALGORITHM = "Ed25519";
const KEY_BYTES = 32;

/** A new key, from the runtime's random numbers. */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await supported(crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]));
  const { x = "", d = "" } = await crypto.subtle.exportKey("jwk", privateKey);
  return { kty: "OKP", crv: ALGORITHM, x, d };
}

/**
 * The id of a public key, or of a private one's: its JWK thumbprint with SHA-256 (RFC 7638, RFC 8037). It follows from the key, so
 * that no id can come to stand for another key.
 * @throws TypeError for what is no such key.
 */
export async function keyId(key: PublicKey): Promise<string> {
  const members = `{"crv":"Ed25519","kty":"OKP","x":"${toBase64url(publicBytes(key))}"}`;
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(members))));
}

/** @throws TypeError for what is no public key, and for a private one: it has no business where snapshots are verified. */
export async function importPublicKey(key: PublicKey): Promise<CryptoKey> {
  if (typeof key === "object" && "d" in key)
    throw new TypeError("a private key must not be where snapshots are verified");
  return imported(publicBytes(key));
}

/** The private key and its public one. @throws TypeError for what is no private key. */
export async function importSigningKey(key: SigningKey): Promise<{ signing: CryptoKey; verifying: CryptoKey }> {
  const verifying = await imported(publicBytes(key));
  if (bytesOf(key.d) === null) throw new TypeError("a key to sign with must be a private JWK, with `d`");
  const { x, d } = key;
  const jwk = { kty: "OKP", crv: ALGORITHM, x, d };
  return { signing: await supported(crypto.subtle.importKey("jwk", jwk, ALGORITHM, false, ["sign"])), verifying };
}

/** An Ed25519 signature (RFC 8032) of 64 bytes. */
export async function signBytes(key: CryptoKey, message: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(ALGORITHM, key, message));
}

/** Whether the signature is this key's over this message. */
export async function isSignedBy(
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return crypto.subtle.verify(ALGORITHM, key, signature, message);
}

function imported(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return supported(crypto.subtle.importKey("raw", bytes, ALGORITHM, true, ["verify"]));
}

/** What it throws never tells anything of the key. */
function publicBytes(key: PublicKey): Uint8Array<ArrayBuffer> {
  // What an unset variable gives is no key, whatever its type says.
  const given: unknown = key;
  const bytes = bytesOf(typeof given === "object" && given !== null ? textIn(given) : given);
  if (bytes === null) throw new TypeError("a key must be an Ed25519 public key: 32 bytes in base64url, or a JWK");
  if (isWeak(bytes)) throw new TypeError("a key must not be of small order: anybody could sign for it");
  return bytes;
}

function textIn({ kty, crv, x }: JsonWebKey): unknown {
  return kty === "OKP" && crv === ALGORITHM ? x : null;
}

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> | null {
  const bytes = typeof text === "string" ? fromBase64url(text) : null;
  return bytes?.length === KEY_BYTES ? bytes : null;
}

/** WebCrypto has had Ed25519 since Node 18.4, Chrome 137, Firefox 129 and Safari 17; older ones say `NotSupportedError`. */
async function supported<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if ((cause as Partial<Error> | null)?.name !== "NotSupportedError") throw cause;
    throw new SignatureError("NO_ED25519", "this runtime's WebCrypto has no Ed25519: snapshots can't be verified", {
      cause,
    });
  }
}
