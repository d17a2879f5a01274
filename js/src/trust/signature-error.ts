/** Why a signed snapshot is refused: stable codes. */
export type SignatureErrorCode =
  /** It has no signature at all. */
  | "UNSIGNED"
  /** Its signatures are by keys that nobody here knows; the message names them. */
  | "UNKNOWN_KEY"
  /** Not in the form, or not by that key over these bytes. Which of them is not told. */
  | "INVALID_SIGNATURE"
  /** Signed longer ago than `maxAge`. */
  | "EXPIRED_SIGNATURE"
  /** With a `maxAge`: signed more than five minutes ahead of this clock. */
  | "FUTURE_SIGNATURE"
  /** Signed before the snapshot that was taken last. */
  | "STALE_SIGNATURE"
  /** Not the snapshot's fault: this runtime's WebCrypto has no Ed25519. */
  | "NO_ED25519";

/** A snapshot was refused for its signature, or signatures can't be checked here. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";

  constructor(
    /** What is wrong. Two entry points of the package have a class of this name each: compare this, not the class. */
    readonly code: SignatureErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
