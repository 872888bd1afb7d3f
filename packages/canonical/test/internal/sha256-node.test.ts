import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.doUnmock('node:crypto');
  vi.resetModules();
});

test('a Node without the one-shot hash gives the same digests', async () => {
  vi.doMock('node:crypto', async (importOriginal) => {
    const { createHash } = await importOriginal<{ createHash: unknown }>();
    return { createHash, hash: undefined };
  });
  const { sha256Hex } = await import('../../src/internal/sha256-node.ts');
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
