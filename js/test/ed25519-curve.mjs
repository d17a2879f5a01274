/** Ed25519's curve from its equation alone (RFC 8032, section 5.1), to find the points that no key may be. */

/** The field's prime. */
export const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

const mod = (/** @type {bigint} */ a) => ((a % P) + P) % P;

function power(/** @type {bigint} */ base, /** @type {bigint} */ exponent) {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = mod(square * square)) {
    if (rest & 1n) result = mod(result * square);
  }
  return result;
}

const inverse = (/** @type {bigint} */ a) => power(a, P - 2n);
const D = mod(-121665n * inverse(121666n));

/** @typedef {[x: bigint, y: bigint]} Point */

/** @param {Point} a @param {Point} b @returns {Point} */
function sum([x1, y1], [x2, y2]) {
  const dxy = mod(D * x1 * x2 * mod(y1 * y2));
  return [mod((x1 * y2 + x2 * y1) * inverse(mod(1n + dxy))), mod((y1 * y2 + x1 * x2) * inverse(mod(1n - dxy)))];
}

/** @param {Point} point @param {bigint} times @returns {Point} */
function multiple(point, times) {
  /** @type {Point} */
  let result = [0n, 1n];
  for (let double = point, rest = times; rest > 0n; rest >>= 1n, double = sum(double, double)) {
    if (rest & 1n) result = sum(result, double);
  }
  return result;
}

/** The point with this y, or null. @param {bigint} y @returns {Point | null} */
function pointAt(y) {
  const square = mod((y * y - 1n) * inverse(mod(D * y * y + 1n)));
  const root = power(square, (P + 3n) / 8n);
  for (const x of [root, mod(root * power(2n, (P - 1n) / 4n))]) if (mod(x * x) === square) return [x, y];
  return null;
}

/** The eight points whose order divides 8: multiples of one of order 8, which is what L times some point is. @returns {Point[]} */
export function torsion() {
  for (let y = 2n; ; y++) {
    const point = pointAt(y);
    const small = point && multiple(point, L);
    if (small && multiple(small, 4n)[1] !== 1n) return Array.from({ length: 8 }, (_, n) => multiple(small, BigInt(n)));
  }
}

/** 32 bytes, little-endian. @param {bigint} number */
export function encoded(number) {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((number >> BigInt(8 * at)) & 0xffn));
}

/** @param {Uint8Array} bytes - little-endian. */
export function numberOf(bytes) {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
