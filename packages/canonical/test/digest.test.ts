import { digest, digestJson, isDigest } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { sha256Hex as nodeSha256 } from '../src/internal/sha256-node.ts';
import { sha256Hex as portableSha256 } from '../src/internal/sha256-portable.ts';

// FIPS 180-4 examples and the SHA-256 vectors of NIST's Cryptographic Standards and Guidelines.
const VECTORS: readonly (readonly [string, string, string])[] = [
  ['nothing', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['24 bits', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    '448 bits',
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  [
    '896 bits',
    'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
    'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
  ],
  ['a million bytes', 'a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
];

describe.each([
  ['with node:crypto', nodeSha256],
  ['anywhere', portableSha256],
])('SHA-256 %s', (_, sha256Hex) => {
  test.each(VECTORS)('%s', (_name, text, expected) => {
    expect(sha256Hex(text)).toBe(expected);
    expect(sha256Hex(new TextEncoder().encode(text))).toBe(expected);
  });
});

test('both implementations agree on any text, lone surrogates included, and on any bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 0xff_ff })), (units) => {
      const text = String.fromCharCode(...units);
      expect(portableSha256(text)).toBe(nodeSha256(text));
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(portableSha256(bytes)).toBe(nodeSha256(bytes));
    }),
  );
});

test('a digest names its algorithm', () => {
  expect(digest('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(digest(new Uint8Array())).toBe(`sha256:${VECTORS[0]?.[2]}`);
});

test('equal data has equal digests, different data different ones', () => {
  expect(digestJson({ a: 1, b: [2] })).toBe(digestJson({ b: [2], a: 1 }));
  expect(digestJson({ a: 1 })).not.toBe(digestJson({ a: '1' }));
});

test('a digest is recognised by its form', () => {
  const hex = 'ab'.repeat(32);
  expect(isDigest(`sha256:${hex}`)).toBe(true);
  const others = [hex, `sha256:${hex}0`, `sha256:${hex.slice(1)}`, `sha256:${hex.toUpperCase()}`, `sha256:${hex}\n`, 7];
  for (const other of [...others, `x sha256:${hex}`, `sha512:${hex}`, [`sha256:${hex}`], null, undefined])
    expect(isDigest(other)).toBe(false);
});
