import { importSigningKey, isSignedBy, keyId, signBytes, type PublicKey, type SigningKey } from "./ed25519.js";
import { messageOf, textOf } from "./signature-text.js";
import { checkAge, goodSignatures, keyRing } from "./verify.js";

/** How a snapshot is signed. */
export interface SignOptions {
  /** Milliseconds since 1970. Default: the clock's. */
  readonly now?: number;
}

/** How a snapshot's signature is verified. */
export interface VerifySnapshotOptions {
  /** The public keys, any of which may have signed. */
  readonly keys: readonly PublicKey[];
  /** The longest ago that it may have been signed, in milliseconds. Default: for ever, and no clock is read. */
  readonly maxAge?: number;
  /** Milliseconds since 1970. Default: the clock's. With NaN and a `maxAge` no signature holds. */
  readonly now?: number;
}

/** Who signed a snapshot, and when. */
export interface VerifiedSignature {
  readonly keyId: string;
  /** Milliseconds since 1970. */
  readonly signedAt: number;
}

/**
 * Signs a snapshot: its very bytes, of JSON or compiled. Of text those are its UTF-8.
 *
 * The signature's form: `v1.<key id>.<signed at>.<base64url signature>`, an Ed25519 signature (RFC 8032) over
 * `"pointsman snapshot v1" 0x00 <key id> 0x00 <signed at> 0x00 <bytes>`. The id is the key's JWK thumbprint (RFC 7638), the time
 * is in milliseconds since 1970. Several are joined by line ends or commas.
 *
 * @throws TypeError, RangeError (the promise rejects) for what is no private key, no text and no bytes, or no whole number of
 * milliseconds; SignatureError where the runtime has no Ed25519.
 * @example
 * await writeFile("snapshot.json.sig", await signSnapshot(await readFile("snapshot.json"), key));
 */
export async function signSnapshot(
  snapshot: string | Uint8Array,
  key: SigningKey,
  { now = Date.now() }: SignOptions = {},
): Promise<string> {
  if (!Number.isSafeInteger(now) || now < 0) throw new RangeError("`now` must be a whole number of milliseconds");
  const bytes = snapshotBytes(snapshot);
  const { signing, verifying } = await importSigningKey(key);
  const id = await keyId(key);
  const message = messageOf(id, now, bytes);
  const signature = Uint8Array.from(await signBytes(signing, message));
  // Not every runtime looks whether the two halves of a JWK belong together.
  if (!(await isSignedBy(verifying, signature, message))) throw new TypeError("`x` and `d` are not of one key");
  return textOf(id, now, signature);
}

/**
 * Verifies a snapshot's signature: one of those in the text must be by one of the keys, over exactly these bytes. Gives the newest.
 * It is text from outside: nothing in it throws but a `SignatureError`. What is verified are the bytes as they are when it is called.
 *
 * @throws SignatureError (the promise rejects) where there is no good signature, or where the runtime has no Ed25519; TypeError,
 * RangeError for keys that are none, and for a snapshot that is neither text nor bytes.
 * @example
 * await verifySnapshot(bytes, signature, { keys: [publicKey], maxAge: 7 * 24 * 3_600_000 });
 */
export async function verifySnapshot(
  snapshot: string | Uint8Array,
  signature: string,
  { keys, maxAge, now = Date.now() }: VerifySnapshotOptions,
): Promise<VerifiedSignature> {
  const [newest] = await goodSignatures(snapshotBytes(snapshot), signature, await keyRing(keys));
  if (maxAge !== undefined) checkAge(newest, maxAge, now);
  return { keyId: newest.keyId, signedAt: newest.signedAt };
}

/**
 * What is signed of a snapshot: the UTF-8 of a text, or a copy of the bytes, as those may change while they are verified.
 * @throws TypeError for what is neither: an object with a `length` must not pass for the bytes in it.
 */
export function snapshotBytes(snapshot: string | Uint8Array): Uint8Array {
  if (typeof snapshot === "string") return new TextEncoder().encode(snapshot);
  if (!ArrayBuffer.isView(snapshot)) throw new TypeError("a snapshot that is signed must be text or bytes");
  return new Uint8Array(snapshot.buffer, snapshot.byteOffset, snapshot.byteLength).slice();
}
