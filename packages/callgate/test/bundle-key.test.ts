import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';

import { bundleKeyId, generateBundleKey, generateTraceKey, openBundle, signBundle } from 'callgate';
import { describe, expect, it } from 'vitest';

import { isWeakPoint } from '../src/bundle/small-order.ts';
import { bundleWith, contentsWith, KEY, NOW, OTHER_KEY } from './support/bundles.ts';

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const FIELD = 2n ** 255n - 19n;

function pemOf(raw: Uint8Array): string {
  const base64 = Buffer.concat([SPKI_PREFIX, raw]).toString('base64');
  return `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
}

function littleEndian(y: bigint): Uint8Array {
  return Buffer.from(y.toString(16).padStart(64, '0'), 'hex').toReversed();
}

describe('keys of bundles', () => {
  it('a pair signs, verifies and has one id', async () => {
    const pair = generateBundleKey();
    expect(bundleKeyId(pair.publicKey)).toBe(pair.keyId);
    expect(pair.keyId).toMatch(/^[0-9a-f]{16}$/u);
    const bundle = await openBundle(bundleWith({}, [pair]), { keys: [pair.publicKey], now: NOW });
    expect(bundle.signedBy).toEqual([pair.keyId]);
  });

  it('text around the PEM block and Windows line ends are ignored', () => {
    expect(bundleKeyId(`# release key\r\n${KEY.publicKey.replaceAll('\n', '\r\n')}`)).toBe(KEY.keyId);
  });

  it.each([
    ['a private key', KEY.privateKey],
    ['a private key beside the public one', `${KEY.publicKey}${KEY.privateKey}`],
    ['two keys', `${KEY.publicKey}${OTHER_KEY.publicKey}`],
    ['nothing', ''],
    ['no key at all', 'trust me'],
    ['a key of traces', generateTraceKey().publicKey],
    ['X25519', String(generateKeyPairSync('x25519').publicKey.export({ format: 'pem', type: 'spki' }))],
    ['Ed448', String(generateKeyPairSync('ed448').publicKey.export({ format: 'pem', type: 'spki' }))],
    [
      'P-256',
      String(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' })),
    ],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['half a key', KEY.publicKey.slice(0, 60)],
    ['another label at its end', KEY.publicKey.replace('END PUBLIC', 'END PRIVATE')],
    ['31 bytes', pemOf(Buffer.alloc(31, 7))],
    ['33 bytes', pemOf(Buffer.alloc(33, 7))],
    ['other base64 of the same bytes', KEY.publicKey.replace('=\n', '\n')],
    ['a megabyte', `${KEY.publicKey}${' '.repeat(1_000_000)}`],
  ])('%s is no public key', (_what, text) => {
    expect(() => bundleKeyId(text)).toThrow(expect.objectContaining({ code: 'CALLGATE_BUNDLE_KEY_INVALID' }));
  });

  it.each([
    ['no key', []],
    ['the same key twice', [KEY.publicKey, `# again\n${KEY.publicKey}`]],
    ['more than 16', Array.from({ length: 17 }, () => generateBundleKey().publicKey)],
    ['a text for a list', KEY.publicKey as unknown as string[]],
  ])('%s is no set of trusted keys', async (_what, keys) => {
    await expect(openBundle(bundleWith(), { keys, now: NOW })).rejects.toMatchObject({
      code: 'CALLGATE_BUNDLE_KEY_INVALID',
    });
  });

  it('a private key that is none is refused, and nothing of it is repeated', () => {
    const spoiled = KEY.privateKey.replace('MC4CAQ', 'MC4CAR');
    const secret = KEY.privateKey.split('\n')[1] ?? '';
    for (const text of [spoiled, KEY.publicKey, generateTraceKey().secretKey, `${KEY.privateKey}${KEY.privateKey}`]) {
      const error = failure(() => signBundle(contentsWith(), [text]));
      expect(error).toMatchObject({ code: 'CALLGATE_BUNDLE_KEY_INVALID' });
      expect(inspect(error, { depth: 10 })).not.toContain(secret.slice(20, 40));
    }
    expect(() => signBundle(contentsWith(), [])).toThrow('at least one private key');
    expect(() => signBundle(contentsWith(), [KEY.privateKey, KEY.privateKey])).toThrow('each once');
  });
});

describe('weak keys', () => {
  it('every point of small order is refused, in every spelling', () => {
    const points = smallOrderPoints();
    expect(new Set(points).size).toBe(5);
    for (const y of points) {
      for (const sign of [0n, 1n << 255n]) {
        expect(isWeakPoint(littleEndian(y | sign))).toBe(true);
        expect(() => bundleKeyId(pemOf(littleEndian(y | sign)))).toThrow('full order');
        if (y + FIELD < 1n << 255n) expect(isWeakPoint(littleEndian((y + FIELD) | sign))).toBe(true);
      }
    }
  });

  it('a key that was made is not weak', () => {
    expect(() => bundleKeyId(KEY.publicKey)).not.toThrow();
  });
});

/**
 * y of the eight points P of -x² + y² = 1 + dx²y² with 8·P = 0. Order 1, 2: x = 0. Order 4: y = 0. Order 8: doubled they have y = 0,
 * so y² = -x², so dy⁴ + 2y² - 1 = 0.
 */
function smallOrderPoints(): readonly bigint[] {
  const d = modulo(-121665n * inverse(121666n));
  const root = rootOf(1n + d) ?? 0n;
  const squares = [modulo((root - 1n) * inverse(d)), modulo((-root - 1n) * inverse(d))];
  const orderEight = squares.flatMap((square) => rootOf(square) ?? []).flatMap((y) => [y, FIELD - y]);
  return [1n, FIELD - 1n, 0n, ...orderEight];
}

/** Undefined where the value is no square. */
function rootOf(value: bigint): bigint | undefined {
  const first = power(modulo(value), (FIELD + 3n) / 8n);
  const second = modulo(first * power(2n, (FIELD - 1n) / 4n));
  return [first, second].find((root) => modulo(root * root) === modulo(value));
}

function modulo(value: bigint): bigint {
  return ((value % FIELD) + FIELD) % FIELD;
}

function inverse(value: bigint): bigint {
  return power(modulo(value), FIELD - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % FIELD) {
    if ((rest & 1n) === 1n) result = (result * square) % FIELD;
  }
  return result;
}

function failure(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
