import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Fuel } from '../src/fuel.ts';
import { KeywordIndex } from '../src/scan/keyword-index.ts';
import { scanText } from '../src/scan/scan-text.ts';
import { decodeEscapes } from '../src/view/decode-escapes.ts';
import { plainView } from '../src/view/plain-view.ts';
import { MappedText, wholeView } from '../src/view/view.ts';

const fuel = (): Fuel => new Fuel({ base: 1e9, perUnit: 1 });

/** Pieces of another text, in its order: kept, or replaced by something. */
const pieces = fc.array(
  fc.record({
    own: fc.string({ minLength: 1, maxLength: 4 }),
    shown: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 12 },
);

describe('a text that is built of pieces', () => {
  it('leads back to where each of its code units came from', () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const other = parts.map(({ own }) => own).join('');
        const built = new MappedText();
        const from: (readonly [start: number, end: number])[] = [];
        let at = 0;
        for (const { own, shown } of parts) {
          const start = at;
          at += own.length;
          if (shown === undefined) {
            built.keep(other, start, at);
            from.push(...Array.from({ length: own.length }, (_, index) => [start + index, start + index + 1] as const));
          } else {
            built.add(shown, start, at);
            from.push(...Array.from({ length: shown.length }, () => [start, start + own.length] as const));
          }
        }
        const view = built.view(wholeView(other));

        expect(view.text).toBe(parts.map(({ own, shown }) => shown ?? own).join(''));
        expect(from.map((_, index) => view.raw(index, index + 1))).toEqual(from);
        expect(view.raw(0, view.text.length)).toEqual(from.length === 0 ? [0, 0] : [from[0]?.[0], from.at(-1)?.[1]]);
      }),
    );
  });
});

const odd = fc.constantFrom(
  '\u200b',
  '\u200d',
  '\ufe0f',
  'Ａ',
  '，',
  '\u2003',
  '²',
  'ﬁ',
  '👩🏽‍🚀',
  '🄰',
  '\u{1d40a}',
  '\ud83d',
  '\udc00',
  '\u0007',
  '\t',
);
const texts = fc.array(fc.oneof(odd, fc.string({ maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 2 })), {
  maxLength: 16,
});

describe('the plain form of a text', () => {
  it('is that of its characters, one by one, where none is a letter of an alphabet with lookalikes', () => {
    const plain = (text: string): string =>
      plainView(wholeView(text), scanText(text, new KeywordIndex([]), fuel()).features, fuel()).text;
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('').replaceAll(/[\u0250-\u02af\u0370-\u058f\u13a0-\u13ff\ua4d0-\ua4ff]/gu, '');

        expect(plain(text)).toBe(Array.from(text, plain).join(''));
      }),
    );
  });
});

const escapes = fc.constantFrom(
  '%41',
  '%e4%bd%a0',
  '%zz',
  '%',
  '%ff',
  '\\u0041',
  '\\U0041',
  '\\x41\\x42',
  '\\u{1f600}',
  '\\101',
  '\\9',
  '&#65;',
  '&#x41',
  '&lt;',
  '&Amp;',
  '&no;',
  '&#xd800;',
);

const NAMES: Readonly<Record<string, string>> = { '&lt;': '<', '&Amp;': '&' };

/** Escapes undone by patterns and the engine's own decoders. */
const REFERENCE = {
  percent: (text: string) =>
    text.replaceAll(/(?:%[0-9a-f]{2})+/giu, (run) => (isDecodable(run) ? decodeURIComponent(run) : run)),
  escape: (text: string) =>
    text.replaceAll(
      /\\u\{(?<point>[0-9a-f]{1,6})\}|\\(?:u(?<unit>[0-9a-f]{4})|x(?<byte>[0-9a-f]{2})|(?<octal>[0-3][0-7]{2}))/giu,
      (...found) => {
        const { point, unit, byte, octal } = found.at(-1) as Record<string, string | undefined>;
        return String.fromCodePoint(
          Number.parseInt(point ?? unit ?? byte ?? octal ?? '', octal === undefined ? 16 : 8),
        );
      },
    ),
  entity: (text: string) =>
    text.replaceAll(/&(?:#(?<ten>[0-9]{1,7})|#x(?<hex>[0-9a-f]{1,6}));?|&(?:lt|amp);/giu, (whole, ...found) => {
      const { ten, hex } = found.at(-1) as Record<string, string | undefined>;
      const point = ten === undefined ? Number.parseInt(hex ?? '', 16) : Number(ten);
      if (Number.isNaN(point)) return NAMES[whole] ?? whole;
      return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? whole : String.fromCodePoint(point);
    }),
};

function isDecodable(run: string): boolean {
  try {
    decodeURIComponent(run);
    return true;
  } catch {
    return false;
  }
}

describe('a text with its escapes undone', () => {
  it.each(['percent', 'escape', 'entity'] as const)('reads as patterns have it: %s', (layer) => {
    const parts = fc.array(
      fc.oneof(escapes, fc.string({ unit: fc.constantFrom('a', ' ', '4', 'f', '%', '\\', '&', ';'), maxLength: 3 })),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(parts, (all) => {
        const text = all.join('');
        const [view] = decodeEscapes(wholeView(text), layer, fuel());

        expect(view?.text ?? text).toBe(REFERENCE[layer](text));
      }),
      { numRuns: 500 },
    );
  });
});
