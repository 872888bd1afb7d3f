/** p = 2²⁵⁵ − 19, the order of the field of Ed25519 (RFC 8032 §5.1). */
const FIELD = 2n ** 255n - 19n;

/** y of two of the four points of order 8; the other two have its negative. */
const ORDER_EIGHT_Y = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;

/**
 * y of the points of order 1, 2, 4 and 8. A signature by such a key can be made without knowing anything: OpenSSL 3.5 refuses it,
 * OpenSSL 3.0 (Node 20) does not.
 */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([1n, FIELD - 1n, 0n, ORDER_EIGHT_Y, FIELD - ORDER_EIGHT_Y]);

/** Whether the 32 bytes of an Ed25519 public key are a point of small order, or write a point otherwise than RFC 8032 §5.1.2 does. */
export function isWeakPoint(publicKey: Uint8Array): boolean {
  const littleEndian = Buffer.from(publicKey).toReversed();
  // The highest bit is the sign of x.
  const y = BigInt.asUintN(255, BigInt(`0x${Buffer.from(littleEndian).toString('hex')}`));
  return y >= FIELD || SMALL_ORDER_Y.has(y);
}
