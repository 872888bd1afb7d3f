import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';

import { canonicalize, type JsonObject } from '@callgate/canonical';

import { QuarantineError } from './errors.ts';
import type { QuarantinedItem } from './quarantined-item.ts';
import type { QuarantineKey } from './quarantine-key.ts';

/**
 * How content is sealed: 32 random bytes, ciphertext, tag (16 bytes). AES-256-GCM under a key of its own, HKDF-SHA256 of the
 * quarantine's key with those random bytes as salt, so that no nonce ever comes twice under one key. What is said of the item in
 * the clear is bound as associated data: content does not open under another id, server, tool, owner, expiry or digest.
 */
const SALT_BYTES = 32;
const TAG_BYTES = 16;
const INFO = 'callgate quarantine 1';

/** A key that seals one text may use any nonce once. */
const NONCE = Buffer.alloc(12);

/** What sealing adds to content, in bytes. */
export const SEAL_OVERHEAD: number = SALT_BYTES + TAG_BYTES;

/** Seals content so that it opens as this item's only. */
export function sealContent(item: QuarantinedItem, content: Uint8Array, key: QuarantineKey): Uint8Array {
  const salt = randomBytes(SALT_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(key, salt), NONCE, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundBy(item));
  return Buffer.concat([salt, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The content of an item.
 *
 * @throws {QuarantineError} `CALLGATE_QUARANTINE_KEY_OTHER` where another key sealed it, `CALLGATE_QUARANTINE_BROKEN` where it, or what
 *   is said of it, was changed, swapped or cut
 */
export function openContent(item: QuarantinedItem, sealed: Uint8Array, key: QuarantineKey): Uint8Array {
  if (item.key !== key.fingerprint) {
    throw new QuarantineError(
      'CALLGATE_QUARANTINE_KEY_OTHER',
      `expected the key \`${item.key.slice(0, 16)}\` that sealed the item, got \`${key.fingerprint}\``,
    );
  }
  const end = sealed.byteLength - TAG_BYTES;
  try {
    if (end < SALT_BYTES) throw new RangeError('too short');
    const secret = keyFor(key, sealed.subarray(0, SALT_BYTES));
    const decipher = createDecipheriv('aes-256-gcm', secret, NONCE, { authTagLength: TAG_BYTES });
    decipher.setAAD(boundBy(item));
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(SALT_BYTES, end)), decipher.final()]);
  } catch (cause) {
    throw new QuarantineError('CALLGATE_QUARANTINE_BROKEN', `\`${item.id}\` was changed, swapped or cut`, { cause });
  }
}

function keyFor(key: QuarantineKey, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, salt, INFO, 32)));
}

function boundBy(item: QuarantinedItem): Uint8Array {
  return Buffer.from(canonicalize(item as unknown as JsonObject), 'utf8');
}
