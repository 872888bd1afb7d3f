const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

/** CRC-32 (ISO 3309) of ASCII text, as an unsigned number. */
function crc32(text: string): number {
  let crc = 0xff_ff_ff_ff;
  for (let index = 0; index < text.length; index += 1) {
    crc ^= text.charCodeAt(index);
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xed_b8_83_20;
  }
  return ~crc >>> 0;
}

/** The six base62 digits of a CRC-32 with which tokens of GitHub and npm end. */
export function crcDigits(text: string): string {
  let left = crc32(text);
  let digits = '';
  for (let digit = 0; digit < CHECKSUM_LENGTH; digit += 1) {
    digits = `${BASE62.charAt(left % 62)}${digits}`;
    left = Math.floor(left / 62);
  }
  return digits;
}

/**
 * Whether the last six characters are the checksum of those between the prefix and them.
 *
 * @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
export function hasCrcDigits(token: string): boolean {
  const body = token.slice(token.indexOf('_') + 1);
  return body.slice(-CHECKSUM_LENGTH) === crcDigits(body.slice(0, -CHECKSUM_LENGTH));
}
