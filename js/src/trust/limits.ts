/** Every bound on override tokens and snapshot signatures, with its unit and its reason. */

/** Characters of all tokens of a request: by default nginx and Apache take no header line that is longer. */
export const TEXT_CHARACTERS = 8_192;

/** Tokens of a request: each costs a signature check for each key, and a person previews a few flags at a time. */
export const TOKENS = 16;

/** Bytes of a flag's, variant's or scope's name: the snapshot's own bound on names, and more than a host can have. */
export const NAME_BYTES = 256;

/** Bytes of a secret: those of a SHA-256 digest, below which the key is the weakest part (RFC 2104, section 3). */
export const KEY_BYTES = 32;

/**
 * Milliseconds from minting to expiry, 90 days: a token can't be withdrawn but by changing the key for all of them, and a
 * link that leaked must not outlive the release it shows. It also catches a time in microseconds.
 */
export const LIFETIME = 90 * 24 * 60 * 60 * 1_000;

/** Secrets whose imported keys are kept: a rotation has two, and several sites in one worker have one each. */
export const KEPT_KEYS = 16;

/** Bytes of a cookie's name and value together: browsers drop a longer one (RFC 6265bis, section 5.6). */
export const COOKIE_BYTES = 4_096;

/** Characters of a snapshot's signatures together: eight of them, of up to 150 each, with room between them. */
export const SIGNATURE_CHARACTERS = 2_048;

/** Signatures of one snapshot: a change of keys has two, and each costs a hash of the whole snapshot. */
export const SIGNATURES = 8;

/** Milliseconds that the clock of whoever signed may be ahead. */
export const CLOCK_SKEW = 5 * 60 * 1_000;
