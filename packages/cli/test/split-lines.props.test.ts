import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createLineSplitter, type InputLine } from '../src/input/split-lines.ts';

function split(chunks: readonly Uint8Array[], maxLineBytes: number): InputLine[] {
  const splitter = createLineSplitter(maxLineBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
}

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [
    0,
    ...places.map((place) => place % (bytes.length + 1)).toSorted((left, right) => left - right),
    bytes.length,
  ];
  return bounds.slice(1).map((end, index) => bytes.slice(bounds[index], end));
}

describe('createLineSplitter', () => {
  it('gives the lines of a text, however it is cut into chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.nat()), (texts, places) => {
        const lines = texts.map((text) => text.replaceAll('\n', ' ').replace(/^\uFEFF+/u, ''));
        const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        expect(split(cut(bytes, places), 1_000_000)).toEqual(
          lines.map((text, index) => ({ kind: 'text', number: index + 1, text })),
        );
      }),
    );
  });

  it('numbers each line of arbitrary bytes once and never gives a longer one than the bound', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 20 }),
        (bytes, places, bound) => {
          const lines = split(cut(bytes, places), bound);
          expect(lines).toEqual(split([bytes], bound));
          expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1));
          for (const line of lines) {
            if (line.kind === 'text') expect(new TextEncoder().encode(line.text).length).toBeLessThanOrEqual(bound);
          }
        },
      ),
    );
  });
});
