import { UTF16, UTF8 } from '../internal/text-decoder.ts';
import { isUtf8 } from '../internal/utf8.ts';
import { hexDigit } from './hex-digit.ts';

/** Code units that are decoded first, to see whether the rest is worth it. */
const PROBE = 64;

/** The text that hex digits stand for; undefined when they do not stand for text. */
export function decodeHex(run: string): string | undefined {
  const digits = /^0x/iu.test(run) ? run.slice(2) : run;
  if (!isText(hexBytes(digits.slice(0, PROBE)), true)) return undefined;
  return textOf(hexBytes(digits));
}

/**
 * The text that base64 or base64url stands for, padded or not; undefined when it does not stand for text. Where characters of another
 * word stand before it, up to three are left out.
 */
export function decodeBase64(run: string): string | undefined {
  const digits = withoutPadding(run);
  for (let skip = 0; skip < 4; skip += 1) {
    const own = digits.length % 4 === (skip + 1) % 4 ? digits.slice(skip, -1) : digits.slice(skip);
    const probe = base64Bytes(own.slice(0, PROBE));
    if (isText(probe, true)) return textOf(own.length <= PROBE ? probe : base64Bytes(own));
  }
  return undefined;
}

function withoutPadding(run: string): string {
  let end = run.length;
  while (end > 0 && run.charAt(end - 1) === '=') end -= 1;
  return run.slice(0, end);
}

function hexBytes(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length >>> 1);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = hexDigit(digits.charCodeAt(index * 2)) * 16 + hexDigit(digits.charCodeAt(index * 2 + 1));
  }
  return bytes;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: Uint8Array = base64Values();

function base64Values(): Uint8Array {
  const values = new Uint8Array(128);
  for (let value = 0; value < 64; value += 1) values[ALPHABET.charCodeAt(value)] = value;
  // base64url, RFC 4648 §5
  values['-'.charCodeAt(0)] = 62;
  values['_'.charCodeAt(0)] = 63;
  return values;
}

function base64Bytes(digits: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let index = 0; index < digits.length; index += 1) {
    held = ((held << 6) | (VALUES[digits.charCodeAt(index)] ?? 0)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >>> bits) & 0xff;
      at += 1;
    }
  }
  return bytes;
}

/** Up to how many bytes are put together as characters, which for short runs is quicker than a decoder. */
const SHORT = 256;

function textOf(bytes: Uint8Array): string | undefined {
  if (!isText(bytes, false)) return undefined;
  if (bytes.length <= SHORT && isAscii(bytes)) return String.fromCharCode.apply(null, bytes as unknown as number[]);
  try {
    return isUtf16(bytes) ? UTF16.decode(bytes) : UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** PowerShell encodes commands so: every second byte of Latin text is 0. */
function isUtf16(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.length % 2 === 0 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0;
}

/** Share of bytes that text may have of those that text seldom has. */
const ODD_SHARE = 0.1;

/** Whether bytes look like text: few controls, and valid UTF-8 (a probe may end within a character). */
function isText(bytes: Uint8Array, isProbe: boolean): boolean {
  if (bytes.length < 8) return false;
  let odd = 0;
  let zeros = 0;
  let all = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    all |= byte;
    if (byte === 0) zeros += 1;
    else if (byte < 0x09 || (byte > 0x0d && byte < 0x20) || byte === 0x7f) odd += 1;
  }
  if (odd > bytes.length * ODD_SHARE) return false;
  if (zeros > 0) return isUtf16(bytes);
  if (all < 0x80) return true;
  return isUtf8(isProbe ? bytes.subarray(0, lastBoundary(bytes)) : bytes);
}

/** Whether all bytes are characters of ASCII, other than NUL, of which UTF-16 has every second. */
function isAscii(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === 0 || byte >= 0x80) return false;
  }
  return true;
}

/** Where the last whole UTF-8 character ends, three bytes from the end at most. */
function lastBoundary(bytes: Uint8Array): number {
  for (let back = 1; back <= 4 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length - back + 1;
    if (byte >= 0xc0) return bytes.length - back;
  }
  return bytes.length;
}
