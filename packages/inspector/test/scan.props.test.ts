import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Fuel } from '../src/fuel.ts';
import { FEATURES, LONG_RUN } from '../src/scan/features.ts';
import { foldUnit } from '../src/scan/fold.ts';
import { KeywordIndex } from '../src/scan/keyword-index.ts';
import { scanText } from '../src/scan/scan-text.ts';

const KEYWORDS = [
  ['password', 'pass', 'word=', 'ssword', 'секрет', '忽略指令'],
  ['assword', 'token', 'okenokeno', 'aaaa', 'aaaaa'],
];

const scanned = (text: string) => scanText(text, new KeywordIndex(KEYWORDS), new Fuel({ base: 1e9, perUnit: 1 }));

const folded = (text: string): string => Array.from({ length: text.length }, (_, at) => unitAt(text, at)).join();
const unitAt = (text: string, at: number): string => String(foldUnit(text.charCodeAt(at)));

/** Every keyword at every place, by comparison. */
function keywordsIn(text: string): readonly string[] {
  return KEYWORDS.flatMap((own, owner) =>
    own.flatMap((word, keyword) =>
      Array.from({ length: Math.max(0, text.length - word.length + 1) }, (_, start) => start)
        .filter((start) => folded(text.slice(start, start + word.length)) === folded(word))
        .map((start) => `${owner}:${keyword}:${start}`),
    ),
  );
}

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...KEYWORDS.flat(),
        'PassWord',
        'ТОКЕН',
        'СЕКРЕТ',
        'pass',
        'wor',
        'a',
        'А',
        ' ',
        '=',
        '-',
        '\uD835',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.integer({ min: LONG_RUN - 3, max: LONG_RUN * 3 }).map((length) => 'Ab9_'.repeat(length).slice(0, length)),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

describe('one pass over a text', () => {
  it('finds the keywords that stand in it, and no others', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const found = scanned(text).hits.flatMap((hits, owner) =>
          (hits ?? []).map(({ keyword, start }) => `${owner}:${keyword}:${start}`),
        );
        expect(found.toSorted()).toEqual(keywordsIn(text).toSorted());
      }),
    );
  });

  it('finds where long runs of base64 characters begin', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const runs = Array.from(text.matchAll(/[A-Za-z0-9+/_-]{24,}/gu), ({ index }) => index);
        const { longRuns, features } = scanned(text);
        expect(longRuns).toEqual(runs);
        expect((features & FEATURES.longRun) !== 0).toBe(runs.length > 0);
      }),
    );
  });

  it('costs a unit of fuel for each code unit, and more only for keywords that are compared', () => {
    const fuel = new Fuel({ base: 1e9, perUnit: 1 });
    scanText('nothing of the sort', new KeywordIndex(KEYWORDS), fuel);
    expect(fuel.used).toBe(19);
    scanText('password', new KeywordIndex(KEYWORDS), fuel);
    expect(fuel.used).toBeGreaterThan(19 + 8);
  });

  it('takes no more keywords than it can count', () => {
    const words = Array.from({ length: 32 ** 3 * 2 }, (_, index) =>
      String.fromCharCode(0x60 + (index >>> 15), ...[10, 5, 0].map((shift) => 0x60 + ((index >>> shift) & 31))),
    );
    expect(() => new KeywordIndex([words])).toThrow(RangeError);
  });
});
