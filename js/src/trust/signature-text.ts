import { fromBase64url, toBase64url } from "./base64url.js";
import { SIGNATURE_CHARACTERS, SIGNATURES } from "./limits.js";

/** One signature, as it is written. */
export interface Signature {
  /** Whose it says it is. */
  readonly keyId: string;
  /** When it was made, in milliseconds since 1970; itself signed. */
  readonly signedAt: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
}

/** Signed before each snapshot, so that no signature made for something else with the same key is good for one. */
const PURPOSE = "pointsman snapshot v1";

/** `v1`, the key's id, when, the signature: of a fixed length each but the time, which is in milliseconds since 1970. */
const FORM = /^v1\.([\w-]{43})\.(0|[1-9]\d{0,15})\.([\w-]{86})$/;

/** What is signed. Neither an id nor a time can hold the zero that ends it, so no two of them give the same message. */
export function messageOf(keyId: string, signedAt: number, snapshot: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(`${PURPOSE}\0${keyId}\0${signedAt}\0`);
  const message = new Uint8Array(head.length + snapshot.length);
  message.set(head);
  message.set(snapshot, head.length);
  return message;
}

/** One signature as text. */
export function textOf(keyId: string, signedAt: number, signature: Uint8Array): string {
  return `v1.${keyId}.${signedAt}.${toBase64url(signature)}`;
}

/**
 * The signatures in a text that are of the form: one a line, or with commas between. Others are passed over, as of another
 * version; of too many, or too long a text, all are.
 */
export function signaturesIn(text: string): readonly Signature[] {
  if (text.length > SIGNATURE_CHARACTERS) return [];
  const parts = text.split(/[\s,]+/).filter((part) => part !== "");
  return parts.length > SIGNATURES ? [] : parts.map(signatureOf).filter((signature) => signature !== null);
}

function signatureOf(text: string): Signature | null {
  const [, keyId = "", time = "", signature = ""] = FORM.exec(text) ?? [];
  const bytes = fromBase64url(signature);
  const signedAt = Number(time);
  return bytes === null || !Number.isSafeInteger(signedAt) ? null : { keyId, signedAt, bytes, text };
}
