import { sign, verify } from 'node:crypto';

import { isJsonArray, isJsonObject, type JsonValue } from '@callgate/canonical';

import type { TrustedKey } from './bundle-key.ts';
import { BundleError } from './errors.ts';

/** The most that a bundle may have, as it is stored and sent: 16 MiB. */
export const MAX_BUNDLE_BYTES: number = 16 * 1024 * 1024;

const MAX_SIGNATURES = 16;
const MAX_KEY_ID_LENGTH = 128;
const SIGNATURE_BYTES = 64;

/** An envelope's own, and one for each signature. */
const MAX_BRACES: number = MAX_SIGNATURES + 1;

/** Two around each of three names and two texts, and in each signature around two of either. */
const MAX_QUOTES: number = 2 * (3 + 2 + 4 * MAX_SIGNATURES);

/** A DSSE envelope, decoded: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly EnvelopeSignature[];
}

/** One signature of an envelope. */
export interface EnvelopeSignature {
  /** Undefined where the signer named none. */
  readonly keyId: string | undefined;
  readonly signature: Uint8Array;
}

/**
 * Reads the bytes of an envelope: JSON of DSSE's members and no other, each once, without escapes, base64 of either alphabet with
 * padding.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_TOO_LARGE`, `CALLGATE_BUNDLE_FORMAT`
 */
export function parseEnvelope(bytes: Uint8Array): Envelope {
  const members = parseMembers(textOf(bytes));
  if (members === undefined || !hasMembers(members, ['payload', 'payloadType', 'signatures']))
    throw malformed('a DSSE envelope: `payload`, `payloadType`, `signatures`');
  const { payload, payloadType, signatures } = members as Readonly<Record<string, JsonValue>>;
  if (typeof payloadType !== 'string') throw malformed('a text as `payloadType`');
  if (!isJsonArray(signatures) || signatures.length === 0 || signatures.length > MAX_SIGNATURES)
    throw malformed(`1 to ${MAX_SIGNATURES} \`signatures\``);
  return { payloadType, payload: decodeBase64(payload, 'payload'), signatures: signatures.map(parseSignature) };
}

/**
 * The ids of the trusted keys that signed an envelope.
 *
 * A signature that names no key counts for whichever trusted key it verifies with. One that names a key that is not trusted is passed
 * over. One that names a trusted key and is not of that key refuses the whole envelope: somebody changed it.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_SIGNATURE` when fewer than `threshold` keys signed
 */
export function verifyEnvelope(
  { payloadType, payload, signatures }: Envelope,
  keys: readonly TrustedKey[],
  threshold: number,
): readonly string[] {
  const signed = preAuthenticationEncoding(payloadType, payload);
  const signers = new Set<string>();
  for (const { keyId, signature } of signatures) {
    const candidates = keys.filter((key) => keyId === undefined || key.keyId === keyId);
    const signer = candidates.find(({ key }) => verify(null, signed, key, signature));
    if (signer !== undefined) signers.add(signer.keyId);
    else if (keyId !== undefined && candidates.length > 0)
      throw unsigned(`a signature of key ${keyId}, got another text`);
  }
  if (signers.size < threshold) {
    const named = signatures.map(({ keyId }) =>
      keyId !== undefined && /^[\w.:/+=-]+$/u.test(keyId) ? keyId : 'unnamed',
    );
    throw unsigned(`signatures of ${threshold} trusted keys, got ${signers.size} (signed by ${named.join(', ')})`);
  }
  return [...signers].toSorted();
}

/** Signatures of a payload under a type, one of each key. */
export function signPayload(
  payloadType: string,
  payload: Uint8Array,
  keys: readonly TrustedKey[],
): EnvelopeSignature[] {
  const signed = preAuthenticationEncoding(payloadType, payload);
  return keys.map(({ keyId, key }) => ({ keyId, signature: sign(null, signed, key) }));
}

/**
 * The text of an envelope.
 *
 * @throws {BundleError} `CALLGATE_BUNDLE_TOO_LARGE`, `CALLGATE_BUNDLE_FORMAT` for more signatures than one can have
 */
export function formatEnvelope({ payloadType, payload, signatures }: Envelope): string {
  const members = {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signatures.map(({ keyId, signature }) => ({
      ...(keyId === undefined ? {} : { keyid: keyId }),
      sig: Buffer.from(signature).toString('base64'),
    })),
  };
  const text = `${JSON.stringify(members)}\n`;
  parseEnvelope(Buffer.from(text));
  return text;
}

/** DSSE's PAE: `DSSEv1 <length> <type> <length> <payload>`, so that no other type or boundary reads as the same bytes. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType, 'utf8');
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} `), type, Buffer.from(` ${payload.length} `), payload]);
}

function textOf(bytes: Uint8Array): string {
  if (bytes.byteLength > MAX_BUNDLE_BYTES)
    throw new BundleError('CALLGATE_BUNDLE_TOO_LARGE', `expected at most ${MAX_BUNDLE_BYTES} bytes, got more`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw malformed('UTF-8 text', cause);
  }
}

/** Undefined where the text cannot be an envelope. What it nests is bounded before it is parsed. */
function parseMembers(text: string): JsonValue | undefined {
  // No text of an envelope needs an escape or holds a bracket, so quotes and brackets count its members.
  const quotes = countUpTo(MAX_QUOTES + 1, text, '"');
  if (quotes > MAX_QUOTES || text.includes('\\')) return undefined;
  if (countUpTo(2, text, '[') !== 1 || countUpTo(MAX_BRACES + 1, text, '{') > MAX_BRACES) return undefined;
  let members: JsonValue;
  try {
    members = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  // A name that is there twice would have left quotes over.
  return quotesOf(members) === quotes ? members : undefined;
}

function countUpTo(most: number, text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0 && count < most; at = text.indexOf(character, at + 1)) count += 1;
  return count;
}

function quotesOf(value: JsonValue): number {
  if (typeof value === 'string') return 2;
  if (isJsonArray(value)) return value.reduce<number>((sum, item) => sum + quotesOf(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 2 + quotesOf(item), 0);
}

function parseSignature(value: JsonValue): EnvelopeSignature {
  if (!hasMembers(value, ['sig']) && !hasMembers(value, ['keyid', 'sig']))
    throw malformed('`keyid` and `sig` in each of `signatures`');
  const { keyid, sig } = value as Readonly<Record<string, JsonValue>>;
  if (keyid !== undefined && (typeof keyid !== 'string' || keyid.length > MAX_KEY_ID_LENGTH))
    throw malformed(`a \`keyid\` of at most ${MAX_KEY_ID_LENGTH} characters`);
  const signature = decodeBase64(sig, 'sig');
  if (signature.length !== SIGNATURE_BYTES) throw malformed(`a \`sig\` of ${SIGNATURE_BYTES} bytes`);
  // envelope.md: empty fields may be omitted, so one that is empty is one that is not there.
  return { keyId: keyid === undefined || keyid === '' ? undefined : keyid, signature };
}

function hasMembers(value: JsonValue, names: readonly string[]): boolean {
  return isJsonObject(value) && Object.keys(value).toSorted().join() === names.join();
}

/** Exactly one text stands for given bytes, in each alphabet. */
function decodeBase64(value: JsonValue | undefined, name: string): Uint8Array {
  if (typeof value !== 'string') throw malformed(`base64 as \`${name}\``);
  const bytes = Buffer.from(value, 'base64');
  const standard = bytes.toString('base64');
  if (value !== standard && value !== standard.replaceAll('+', '-').replaceAll('/', '_'))
    throw malformed(`base64 as \`${name}\``);
  return bytes;
}

function malformed(expected: string, cause?: unknown): BundleError {
  return new BundleError('CALLGATE_BUNDLE_FORMAT', `expected ${expected}`, cause === undefined ? {} : { cause });
}

function unsigned(expected: string): BundleError {
  return new BundleError('CALLGATE_BUNDLE_SIGNATURE', `expected ${expected}`);
}
