import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isUtf8 } from '../src/internal/utf8.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

function decodes(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Bytes at the edges of every range, so that they meet. */
const byte = fc.oneof(
  fc.constantFrom(
    0,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc1,
    0xc2,
    0xdf,
    0xe0,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  ),
  fc.integer({ min: 0, max: 255 }),
);

test('bytes are UTF-8 when the platform decodes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), fc.array(byte, { maxLength: 6 }), (some, others) => {
      for (const bytes of [some, Uint8Array.from(others)]) expect(isUtf8(bytes)).toBe(decodes(bytes));
    }),
    { numRuns: Number(process.env['CALLGATE_CASES'] ?? 2000) },
  );
});

test.each(['', 'plain', 'ärger', '日本', '👩🏽‍💻'])('%j is UTF-8', (text) => {
  expect(isUtf8(new TextEncoder().encode(text))).toBe(true);
});
