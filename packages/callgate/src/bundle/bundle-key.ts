import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

import { BundleError } from './errors.ts';
import { isWeakPoint } from './small-order.ts';

/** A key pair for policy bundles, as PEM text. */
export interface BundleKeyPair {
  /** What gates trust: `-----BEGIN PUBLIC KEY-----`. */
  readonly publicKey: string;
  /** What signs: `-----BEGIN PRIVATE KEY-----`. It belongs where policy is released, never where a gate runs. */
  readonly privateKey: string;
  /** Names the pair: 16 hexadecimal digits. */
  readonly keyId: string;
}

/** A public key as it verifies. */
export interface TrustedKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

const MAX_KEYS = 16;
const MAX_PEM_LENGTH = 16_384;
const KEY_BYTES = 32;

// RFC 8410 §4: the fixed beginning of the SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes.
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Makes a key pair (Ed25519, RFC 8032). */
export function generateBundleKey(): BundleKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: String(publicKey.export({ format: 'pem', type: 'spki' })),
    privateKey: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    keyId: keyIdOf(publicKey),
  };
}

/**
 * The id of a public key: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`
 */
export function bundleKeyId(publicKey: string): string {
  return parsePublicKey(publicKey).keyId;
}

/**
 * The keys that are trusted: 1 to 16 PEM texts, no key twice.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`
 */
export function parseTrustedKeys(keys: readonly string[]): readonly TrustedKey[] {
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS)
    throw invalid(`1 to ${MAX_KEYS} public keys in a list`);
  const parsed = keys.map(parsePublicKey);
  if (new Set(parsed.map(({ keyId }) => keyId)).size !== parsed.length) throw invalid('each public key once');
  return parsed;
}

/**
 * A private key that signs, with its id.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_KEY_INVALID`. The message repeats nothing of the text
 */
export function parsePrivateKey(pem: string): TrustedKey {
  const key = quietly(() => createPrivateKey(blockOf(pem, 'PRIVATE KEY')));
  if (key?.asymmetricKeyType !== 'ed25519') throw invalid('an Ed25519 private key as PEM (`BEGIN PRIVATE KEY`)');
  return { keyId: keyIdOf(createPublicKey(key)), key };
}

function parsePublicKey(pem: string): TrustedKey {
  // `createPublicKey` would quietly take the public half of a private key.
  const base64 = blockOf(pem, 'PUBLIC KEY').split('\n').slice(1, -1).join('');
  const der = Buffer.from(base64, 'base64');
  const raw = der.subarray(SPKI_PREFIX.length);
  const isEd25519 = raw.length === KEY_BYTES && der.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX);
  if (!isEd25519 || der.toString('base64') !== base64)
    throw invalid('an Ed25519 public key as PEM (`BEGIN PUBLIC KEY`)');
  if (isWeakPoint(raw)) throw invalid('a key that is a point of full order: signatures of this one can be forged');
  const key = createPublicKey({ format: 'der', type: 'spki', key: der });
  return { keyId: keyIdOf(key), key };
}

/** The one PEM block of a text, lines trimmed. Text around it is ignored (RFC 7468 §2). */
function blockOf(pem: string, label: 'PUBLIC KEY' | 'PRIVATE KEY'): string {
  if (typeof pem !== 'string' || pem.length > MAX_PEM_LENGTH) throw invalid(`one PEM text (\`BEGIN ${label}\`)`);
  const lines = pem.split('\n').map((line) => line.trim());
  const begins = lines.filter((line) => line.startsWith('-----BEGIN '));
  const [begin] = begins;
  if (begins.length !== 1 || begin !== `-----BEGIN ${label}-----`) {
    const isPrivate = label === 'PUBLIC KEY' && begins.some((line) => line.includes('PRIVATE KEY'));
    throw invalid(`one \`BEGIN ${label}\`${isPrivate ? ', got a private key: keep it away from gates' : ''}`);
  }
  const end = lines.indexOf(`-----END ${label}-----`);
  const start = lines.indexOf(begin);
  if (end < start) throw invalid(`a whole PEM text (\`END ${label}\`)`);
  return lines.slice(start, end + 1).join('\n');
}

function keyIdOf(publicKey: KeyObject): string {
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  return createHash('sha256').update(raw).digest('hex').slice(0, 16);
}

/** Undefined where `make` fails: what OpenSSL says of a key helps nobody, and its cause would travel with the error. */
function quietly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof BundleError) throw error;
    return undefined;
  }
}

function invalid(expected: string): BundleError {
  return new BundleError('CALLGATE_BUNDLE_KEY_INVALID', `bundle key: expected ${expected}`);
}
