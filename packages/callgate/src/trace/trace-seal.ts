import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

import { TraceError } from './errors.ts';
import { exportPublicKey, importPublicKey, type TraceKey } from './trace-key.ts';

/**
 * How a trace lies on disk. One line of text, then frames:
 *
 *     callgate-trace 1 <id> <ephemeral public key> <fingerprint of the recipient>\n
 *     frame: length and last bit (4 bytes), ciphertext, tag (16 bytes)
 *
 * The key is HKDF-SHA256 of the X25519 secret that the ephemeral key and the recipient's share, so that what wrote a trace
 * cannot read it; its info is the line, so that a changed line opens nothing. Each frame is AES-256-GCM under its number and
 * whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015): frames that are
 * left out, repeated, swapped or from another trace do not open, and a trace whose last frame is missing was cut.
 */
const MAGIC = 'callgate-trace';
const VERSION = '1';

/** The longest first line that a reader looks for. */
export const MAX_HEADER_BYTES = 256;

/** The most text in one frame, in bytes. */
export const MAX_FRAME_BYTES: number = 64 * 1024;

export const LENGTH_BYTES = 4;
export const TAG_BYTES = 16;

/** What a frame adds to its text, in bytes. */
export const FRAME_OVERHEAD: number = LENGTH_BYTES + TAG_BYTES;

/** What the first line of a trace says to everybody. */
export interface TraceInfo {
  readonly version: number;
  /** Random, 32 hexadecimal digits. */
  readonly id: string;
  /** The fingerprint of the key that opens it. */
  readonly recipient: string;
}

/** Seals the frames of one trace, in order. */
export interface FrameSealer {
  readonly info: TraceInfo;
  readonly header: Uint8Array;
  /** @param text at most {@link MAX_FRAME_BYTES}; anything beside the last frame must hold some */
  seal(text: Uint8Array, isLast: boolean): Uint8Array;
}

/** A sealer for a new trace that only the holder of `recipient`'s secret key can open. */
export function createFrameSealer(recipient: TraceKey): FrameSealer {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const ephemeral = exportPublicKey(publicKey);
  const info: TraceInfo = { version: 1, id: randomBytes(16).toString('hex'), recipient: recipient.fingerprint };
  const header = Buffer.from(
    `${MAGIC} ${VERSION} ${info.id} ${Buffer.from(ephemeral).toString('base64url')} ${info.recipient}\n`,
  );
  const shared = sharedSecret(privateKey, recipient.publicKey);
  const key = deriveKey(shared, recipient.publicKey, header);
  let next = 0;
  return {
    info,
    header,
    seal: (text, isLast) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(next, isLast), { authTagLength: TAG_BYTES });
      next += 1;
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32BE(lengthWord(text.byteLength, isLast));
      return Buffer.concat([length, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
  };
}

/** Opens the frames of one trace, in order. */
export interface FrameOpener {
  /** The text of the next frame; undefined where it is not that frame, or was changed. */
  open(sealed: Uint8Array, isLast: boolean): Uint8Array | undefined;
}

/**
 * An opener for the trace that begins with `header`.
 *
 * @param header its first line, with the line feed
 * @throws {TraceError} `CALLGATE_TRACE_KEY_OTHER` where the trace is sealed for another key, or `key` is a public one
 */
export function createFrameOpener(header: Uint8Array, key: TraceKey): FrameOpener {
  const { info, ephemeral } = readHeader(header);
  if (info.recipient !== key.fingerprint) {
    throw new TraceError(
      'CALLGATE_TRACE_KEY_OTHER',
      `expected the key that the trace is sealed for, ${info.recipient}, got ${key.fingerprint}`,
    );
  }
  if (key.secret === undefined) {
    throw new TraceError(
      'CALLGATE_TRACE_KEY_OTHER',
      'expected the secret key, got the public one, which opens nothing',
    );
  }
  const secret = deriveKey(sharedSecret(key.secret, ephemeral), key.publicKey, header);
  let next = 0;
  return {
    open: (sealed, isLast) => {
      const at = sealed.byteLength - TAG_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', secret, nonceOf(next, isLast), { authTagLength: TAG_BYTES });
      next += 1;
      decipher.setAuthTag(sealed.subarray(at));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(0, at)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

/** @throws {TraceError} `CALLGATE_TRACE_FORMAT` where `header` is not the first line of a trace */
export function readHeader(header: Uint8Array): { readonly info: TraceInfo; readonly ephemeral: Uint8Array } {
  const match =
    /^callgate-trace (?<version>\d{1,4}) (?<id>[0-9a-f]{32}) (?<ephemeral>[\w-]{43}) (?<recipient>[0-9a-f]{16})\n$/u.exec(
      Buffer.from(header).toString('latin1'),
    );
  const { version, id = '', ephemeral = '', recipient = '' } = match?.groups ?? {};
  if (version === undefined) throw new TraceError('CALLGATE_TRACE_FORMAT', 'expected a trace of callgate');
  if (version !== VERSION)
    throw new TraceError('CALLGATE_TRACE_FORMAT', `expected a trace of version ${VERSION}, got version ${version}`);
  return { info: { version: 1, id, recipient }, ephemeral: Buffer.from(ephemeral, 'base64url') };
}

/** Whether bytes begin as a trace does. */
export function isTraceStart(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length + 1)).toString('latin1') === `${MAGIC} `;
}

const LAST_BIT = 0x80_00_00_00;

function lengthWord(bytes: number, isLast: boolean): number {
  return isLast ? LAST_BIT + bytes : bytes;
}

/** What the length of a frame says: how much text it has, and whether it is the last. Undefined where no frame says so. */
export function readLength(word: number): { readonly bytes: number; readonly isLast: boolean } | undefined {
  const isLast = word >= LAST_BIT;
  const bytes = isLast ? word - LAST_BIT : word;
  return bytes > MAX_FRAME_BYTES || (bytes === 0 && !isLast) ? undefined : { bytes, isLast };
}

function sharedSecret(privateKey: KeyObject, publicKey: Uint8Array): Uint8Array {
  try {
    return diffieHellman({ privateKey, publicKey: importPublicKey(publicKey) });
  } catch (cause) {
    // A point of small order, which would give everybody the same secret.
    throw new TraceError('CALLGATE_TRACE_KEY_INVALID', 'trace key: expected a usable X25519 public key', { cause });
  }
}

/** Each trace has a key of its own, so that frame numbers are nonces that never come twice under one key. */
function deriveKey(shared: Uint8Array, recipient: Uint8Array, header: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', shared, recipient, header, 32)));
}

/** 11 bytes of number, one that tells the last frame. */
function nonceOf(number: number, isLast: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(number, 5, 6);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
