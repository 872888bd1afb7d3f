import { describe, expect, test } from 'vitest';

import { GRAM_UNITS, fingerprintsOf, gramHashes } from '../src/flows/fingerprints.ts';
import { foldTexts } from '../src/flows/folded-text.ts';

const MANY = 1_000_000;

function folded(...texts: readonly string[]): string {
  return String.fromCharCode(...foldTexts(texts, MANY).units);
}

function tokensIn(text: string): readonly string[] {
  const { units, tokens } = foldTexts([text], MANY);
  return tokens.map(({ start, end }) => String.fromCharCode(...units.slice(start, end)));
}

describe('folded text', () => {
  test.each([
    ['case and spaces', 'S E C-r_e.t', 'secret'],
    ['accents, composed or not', 'Ibáñez Ibáñez', 'ibanezibanez'],
    ['width and ligatures', 'ＡＢＣ１２ ﬁne', 'abc12fine'],
    ['invisible characters', 'se\u200bcr\u00adet\u{e0041}', 'secret'],
    ['fillers that count as letters', 'se\u3164cr\u1160et', 'secret'],
    ['a final sigma', 'ΟΔΟΣ οδος', 'οδοσοδοσ'],
    ['mathematical letters', '𝓼𝓮𝓬𝓻𝓮𝓽', 'secret'],
    ['emoji', 'a👩🏽‍🚀b', 'ab'],
  ])('%s make no difference', (_, text, expected) => {
    expect(folded(text)).toBe(expected);
  });

  test('an ideograph counts as two units, a letter of another script as one', () => {
    expect(foldTexts(['漢字'], MANY).units).toHaveLength(4);
    expect(foldTexts(['привет'], MANY).units).toHaveLength(6);
  });

  test('texts in turn are as one text', () => {
    expect(folded('first', '', ' second')).toBe('firstsecond');
  });

  test('is cut at the bound, and says so', () => {
    expect(foldTexts(['abcdef'], 4)).toMatchObject({ complete: false });
    expect(foldTexts(['abcdef'], 4).units).toHaveLength(4);
    expect(foldTexts(['abcd'], 4)).toMatchObject({ complete: true });
  });

  test('a long run of other scripts is folded as in pieces', () => {
    const text = 'é𝓼'.repeat(3000);
    expect(folded(text)).toBe('es'.repeat(3000));
  });
});

describe('tokens', () => {
  test.each([
    ['an address', 'write to Marta.Ibanez@example.org, please', ['martaibanezexampleorg']],
    ['a card in groups', 'card 4111 1111 1111 1111 exp', ['4111111111111111']],
    ['a phone number', 'call +34 612 345 678!', ['34612345678']],
    ['an id', 'order ORD-2024-88121 is late', ['ord202488121']],
    ['a key', 'sk_live_51HxYz9Q8w7E6r5T', ['sklive51hxyz9q8w7e6r5t']],
  ])('%s is one', (_, text, expected) => {
    expect(tokensIn(text)).toStrictEqual(expected);
  });

  test.each([
    ['a date', 'on 2026-11-25 and 25.11.2026'],
    ['a time', 'at 2026-11-25T17:28:55Z'],
    ['a date without separators', '20261125T172855Z'],
    ['a word', 'international documentation'],
    ['a short number', '123 4567'],
    ['the address of a page', 'https://www.example.com/support/tickets/v2'],
    ['a long row of numbers', '12 '.repeat(40)],
  ])('%s is none', (_, text) => {
    expect(tokensIn(text)).toStrictEqual([]);
  });
});

describe('fingerprints', () => {
  test('keep every gram of a short text', () => {
    const prints = fingerprintsOf(['abcdefghijkl']);
    expect(prints).toMatchObject({ units: 12, window: 1, starts: [0, 1, 2, 3, 4], complete: true });
  });

  test('a text shorter than a gram has none', () => {
    expect(fingerprintsOf(['abcdefg'])).toMatchObject({ units: 7, hashes: [] });
    expect(fingerprintsOf([])).toMatchObject({ units: 0, hashes: [] });
  });

  test('grams have the same hash wherever they stand', () => {
    const left = gramHashes(foldTexts(['xxxx12345678'], MANY).units);
    const right = gramHashes(foldTexts(['12345678yy'], MANY).units);
    expect(left.at(-1)).toBe(right[0]);
  });

  test('of a long text keep about as many grams as asked for, and one of each window', () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `word${(index * 7919) % 10_007} `).join('');
    const prints = fingerprintsOf([text], { maxGrams: 1024 });
    expect(prints.window).toBeGreaterThan(100);
    expect(prints.hashes.length).toBeLessThanOrEqual(2048);
    const gaps = prints.starts.slice(1).map((start, index) => start - (prints.starts[index] ?? 0));
    // Equal grams are kept once, so that the law holds for the first of each: this text does not repeat itself within 10,007 words.
    expect(Math.max(...gaps.slice(0, 300))).toBeLessThanOrEqual(prints.window);
  });

  test('keep all of a token in a long text', () => {
    const filler = Array.from({ length: 30_000 }, (_, index) => `w${(index * 7919) % 99_991} `).join('');
    const prints = fingerprintsOf([`${filler} the key is AKQ7-88X2-99ZP-41LM in here`], { maxGrams: 512 });
    const [token] = prints.tokens.slice(-1);
    expect(prints.tokens.length).toBeLessThanOrEqual(128);
    expect(token).toBeDefined();
  });

  test('are bounded whatever the text', () => {
    const prints = fingerprintsOf(['x9'.repeat(50_000)], { maxUnits: 10_000, maxGrams: 64 });
    expect(prints.complete).toBe(false);
    expect(prints.units).toBe(10_000);
    expect(prints.hashes.length).toBeLessThanOrEqual(128);
  });

  test('a gram that repeats is kept once', () => {
    expect(fingerprintsOf(['a'.repeat(100)]).hashes).toHaveLength(1);
    expect(GRAM_UNITS).toBe(8);
  });
});
