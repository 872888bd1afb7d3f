import { createHash, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';

import { QuarantineError } from './errors.ts';

/** The key that seals and opens what is kept in quarantine. */
export interface QuarantineKey {
  readonly secret: KeyObject;
  /** Names the key without telling it: 16 hexadecimal digits. */
  readonly fingerprint: string;
}

const PREFIX = 'callgate-quarantine-key-';
const KEY_BYTES = 32;
const CHECK_BYTES = 4;

/** Makes a key as text, to be kept in a file or a secret store. */
export function generateQuarantineKey(): string {
  return encode(randomBytes(KEY_BYTES));
}

/** A key that nobody else has and that goes with the process. */
export function ephemeralKey(): QuarantineKey {
  return keyOf(randomBytes(KEY_BYTES));
}

/**
 * Reads a key from text: the key on a line of its own, beside blank lines and lines that begin with `#`.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_KEY_INVALID` for anything else. The message repeats nothing of the text
 */
export function parseQuarantineKey(text: string): QuarantineKey {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [line = ''] = lines;
  const raw = Buffer.from(line.slice(PREFIX.length), 'base64url').subarray(0, KEY_BYTES);
  // The check bytes catch a slip: what is sealed with a mistyped key opens with no other.
  if (lines.length === 1 && raw.byteLength === KEY_BYTES && encode(raw) === line) return keyOf(raw);
  throw new QuarantineError(
    'CALLGATE_QUARANTINE_KEY_INVALID',
    `quarantine key: expected one whole key, \`${PREFIX}…\`, as \`callgate quarantine keygen\` made it`,
  );
}

function encode(raw: Uint8Array): string {
  return `${PREFIX}${Buffer.concat([raw, hashOf('check', raw).subarray(0, CHECK_BYTES)]).toString('base64url')}`;
}

function keyOf(raw: Uint8Array): QuarantineKey {
  return { secret: createSecretKey(raw), fingerprint: hashOf('fingerprint', raw).toString('hex').slice(0, 16) };
}

function hashOf(use: string, raw: Uint8Array): Buffer {
  return createHash('sha256').update(`${PREFIX}${use}`).update(raw).digest();
}
