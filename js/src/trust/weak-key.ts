/** The prime of the field that Ed25519's curve is over (RFC 8032, section 5.1). */
const P = 2n ** 255n - 19n;

/**
 * The y of the eight points whose order divides 8: 1 and -1 of orders 1 and 2, 0 of order 4, and two of order 8, each the other's
 * negative. Each y but the first two belongs to two points, which differ in the sign of x alone.
 */
const OF_ORDER_8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER: ReadonlySet<bigint> = new Set([1n, P - 1n, 0n, OF_ORDER_8, P - OF_ORDER_8]);

/**
 * Whether anybody can sign for a public key: of a point of small order no private key needs to be known, and WebCrypto verifies
 * with it all the same. Also true for what encodes no y of the field, which RFC 8032 refuses and implementations take modulo P.
 */
export function isWeak(publicKey: Uint8Array): boolean {
  const y = yOf(publicKey);
  return y >= P || SMALL_ORDER.has(y);
}

/** Little-endian, without the bit on top, which is the sign of x. */
function yOf(publicKey: Uint8Array): bigint {
  const number = publicKey.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return BigInt.asUintN(255, number);
}
