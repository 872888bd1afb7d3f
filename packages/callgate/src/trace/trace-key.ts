import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { TraceError } from './errors.ts';

/** A key pair for traces, as text to be kept in files. */
export interface TraceKeyPair {
  /** What a gate seals with. It reads nothing. */
  readonly publicKey: string;
  /** What reads traces. It can seal as well. */
  readonly secretKey: string;
}

/** A key as it is used. */
export interface TraceKey {
  readonly publicKey: Uint8Array;
  /** Absent in a public key. */
  readonly secret: KeyObject | undefined;
  /** Names the pair without telling it: 16 hexadecimal digits. */
  readonly fingerprint: string;
}

const PUBLIC_PREFIX = 'callgate-trace-public-';
const SECRET_PREFIX = 'callgate-trace-secret-';
const KEY_BYTES = 32;
const CHECK_BYTES = 4;

/** Makes a key pair (X25519). */
export function generateTraceKey(): TraceKeyPair {
  const { privateKey } = generateKeyPairSync('x25519');
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  return {
    publicKey: encode(PUBLIC_PREFIX, Buffer.from(x, 'base64url')),
    secretKey: encode(SECRET_PREFIX, Buffer.from(d, 'base64url')),
  };
}

/**
 * Reads a key from text: the key on a line of its own, beside blank lines and lines that begin with `#`.
 *
 * @throws {TraceError} `CALLGATE_TRACE_KEY_INVALID` for anything else. The message repeats nothing of the text
 */
export function parseTraceKey(text: string): TraceKey {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [line = ''] = lines;
  if (lines.length !== 1) throw invalid(`one key, got ${lines.length}`);
  if (line.startsWith(PUBLIC_PREFIX)) return publicKeyOf(decode(PUBLIC_PREFIX, line));
  if (line.startsWith(SECRET_PREFIX)) return secretKeyOf(decode(SECRET_PREFIX, line));
  throw invalid(`\`${PUBLIC_PREFIX}…\` or \`${SECRET_PREFIX}…\``);
}

/** The public key of a pair as text. */
export function formatPublicKey(key: TraceKey): string {
  return encode(PUBLIC_PREFIX, key.publicKey);
}

/** A raw X25519 public key as `node:crypto` takes it. */
export function importPublicKey(raw: Uint8Array): KeyObject {
  return createPublicKey({
    format: 'jwk',
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(raw).toString('base64url') },
  });
}

/** The bytes of a key's public half. */
export function exportPublicKey(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function publicKeyOf(raw: Uint8Array): TraceKey {
  return { publicKey: raw, secret: undefined, fingerprint: fingerprintOf(raw) };
}

// RFC 8410 §7: the fixed beginning of a PKCS #8 X25519 key, before its 32 bytes.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

function secretKeyOf(raw: Uint8Array): TraceKey {
  const secret = createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([PKCS8_PREFIX, raw]) });
  return { ...publicKeyOf(exportPublicKey(createPublicKey(secret))), secret };
}

function fingerprintOf(publicKey: Uint8Array): string {
  return createHash('sha256').update(publicKey).digest('hex').slice(0, 16);
}

/** Four check bytes: a slip in a public key would make every trace sealed with it unreadable for ever. */
function encode(prefix: string, raw: Uint8Array): string {
  return `${prefix}${Buffer.concat([raw, checkOf(prefix, raw)]).toString('base64url')}`;
}

function decode(prefix: string, text: string): Uint8Array {
  const all = Buffer.from(text.slice(prefix.length), 'base64url');
  const raw = all.subarray(0, KEY_BYTES);
  const isWhole = all.byteLength === KEY_BYTES + CHECK_BYTES && encode(prefix, raw) === text;
  if (!isWhole) throw invalid('a whole key, as `callgate trace keygen` made it');
  return raw;
}

function checkOf(prefix: string, raw: Uint8Array): Uint8Array {
  return createHash('sha256').update(prefix).update(raw).digest().subarray(0, CHECK_BYTES);
}

function invalid(expected: string): TraceError {
  return new TraceError('CALLGATE_TRACE_KEY_INVALID', `trace key: expected ${expected}`);
}
