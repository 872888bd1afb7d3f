import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { printable, printableJson } from '../src/output/printable.ts';

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

describe('printable', () => {
  it('leaves nothing that a terminal would obey', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(UNPRINTABLE);
      }),
    );
  });

  it('leaves ordinary text as it is', () => {
    expect(printable('läuft – 🙂 ok')).toBe('läuft – 🙂 ok');
    expect(printable('a\u001B[31mb')).toBe('a\\u{1b}[31mb');
  });
});

describe('printableJson', () => {
  it('changes the text for a terminal and never the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        expect(printableJson(json, false)).toBe(json);
        const shown = printableJson(json, true);
        expect(shown).not.toMatch(UNPRINTABLE);
        expect(JSON.parse(shown)).toEqual(JSON.parse(json));
      }),
    );
  });
});
