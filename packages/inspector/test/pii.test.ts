import fc from 'fast-check';
import examples from 'libphonenumber-js/mobile/examples';
import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';

import { createInspector } from '../src/index.ts';
import type { PiiCategory } from '../src/pii/pii-match.ts';
import { seeded } from './support/sample-of.ts';

const inspector = createInspector({ treatments: { pii: 'redact' } });
const masked = (text: string): unknown => inspector.inspect(text, { surface: 'result' }).value;
const rulesIn = (text: string): readonly string[] =>
  inspector.inspect(text, { surface: 'result' }).findings.map(({ rule }) => rule);

describe('what is found, and what stands in its place', () => {
  test.each<readonly [PiiCategory, string, string]>([
    ['email', 'write to jane.roe+news@mail.host.co.uk.', 'write to redacted@redacted.invalid.'],
    ['email', '<jürgen@bücher.de>', '<redacted@redacted.invalid>'],
    ['email', 'mailto:a@b.org?subject=x', 'mailto:redacted@redacted.invalid?subject=x'],
    ['email', '?email=a@b.org&x=1', '?email=redacted@redacted.invalid&x=1'],
    ['phone', 'at +44 20 7946 0958 or', 'at +XX XX XXXX XXXX or'],
    ['phone', '+1 (555) 123-4567', '+X (XXX) XXX-XXXX'],
    ['phone', '+44 (0)20 7946 0958', '+XX (X)XX XXXX XXXX'],
    ['phone', 'Call (415) 555-2671 now', 'Call (XXX) XXX-XXXX now'],
    ['phone', 'Telefon: 030 1234567', 'Telefon: XXX XXXXXXX'],
    ['card', 'Visa 4111 1111 1111 1111 12/27', 'Visa XXXX XXXX XXXX XXXX 12/27'],
    ['card', '5500-0000-0000-0004', 'XXXX-XXXX-XXXX-XXXX'],
    ['card', '3782 822463 10005', 'XXXX XXXXXX XXXXX'],
    ['iban', 'DE89 3704 0044 0532 0130 00.', 'XXXX XXXX XXXX XXXX XXXX XX.'],
    ['iban', 'gb82west12345698765432', 'XXXXXXXXXXXXXXXXXXXXXX'],
    ['ip-address', 'from 8.8.8.8:53', 'from X.X.X.X:53'],
    ['ip-address', 'http://93.184.216.34/a', 'http://XX.XXX.XXX.XX/a'],
    ['ip-address', '[2606:4700:4700::1111]', '[XXXX:XXXX:XXXX::XXXX]'],
  ])('%s: %s', (category, text, output) => {
    expect(rulesIn(text)).toStrictEqual([`pii.${category}`]);
    expect(masked(text)).toBe(output);
  });

  test.each([
    ['US', 'SSN 536-22-1234'],
    ['ES', 'DNI 12345678Z'],
    ['ES', 'X1234567L'],
    ['FR', '2 55 08 14 168 025 38'],
    ['FR', '255081416802538'],
    ['IT', 'RSSMRA85T10A562S'],
    ['DE', '86 095 742 719'],
    ['NL', 'BSN: 111222333'],
    ['PL', '44051401359'],
    ['BR', '529.982.247-25'],
    ['BR', '11.222.333/0001-81'],
    ['BR', 'cpf 52998224725'],
    ['IN', '2341 2341 2346'],
    ['IN', 'Aadhaar 234123412346'],
    ['SE', '811228-9874'],
    ['FI', '131052-308T'],
    ['GB', 'AB 12 34 56 C'],
    ['GB', 'AB123456C'],
    ['BE', '85.07.30-033.28'],
    ['CH', '756.9217.0769.85'],
    ['CN', '11010519491231002X'],
    ['MX', 'HEGG560427MVZRRL04'],
    ['SG', 'S1234567D'],
    ['CL', '12.345.678-5'],
    ['TR', 'TC Kimlik 10000000146'],
    ['PT', 'NIF 123456789'],
    ['AU', 'TFN 123 456 782'],
    ['HR', 'OIB 69435151530'],
    ['CA', 'SIN 130 692 544'],
  ])('national-id of %s: %s', (_, text) => {
    expect(rulesIn(text)).toStrictEqual(['pii.national-id']);
    expect(masked(text)).not.toMatch(/[0-9]/u);
  });

  test.each([
    ['a card whose check digit is wrong', '4111 1111 1111 1112'],
    ['sixteen digits of no issuer', '9999 8888 7777 6664'],
    ['an IBAN whose check digits are wrong', 'DE88 3704 0044 0532 0130 00'],
    ['a DNI with another letter', '12345678A'],
    ['a CPF with another digit', '529.982.247-26'],
    ['three groups of a longer number', '2341 2341 2346 9'],
    ['nine digits that nothing calls a BSN', 'order 111222333'],
    ['a social security number that none has', '000-12-3456'],
    ['a day', '2024-01-15 12:30:45'],
    ['milliseconds', '1764957140117'],
    ['an amount', '1,234,567,890.00'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['a version', 'version 1.2.3.4'],
    ['versions', 'Bumped the driver from 2.7.1.4 to 2.8.0.1'],
    ['a browser', 'Chrome/120.0.6099.109'],
    ['a private address', '192.168.1.10 and 10.0.0.1 and 127.0.0.1'],
    ['an address of documentation', '203.0.113.5 and 2001:db8::1'],
    ['a time', '12:30:45'],
    ['a MAC address', '00:1a:2b:3c:4d:5e'],
    ['a package with its version', 'react@18.2.0'],
    ['a picture', 'icon@2x.png'],
    ['a repository', 'git@github.com:owner/name'],
    ['a DOI', 'doi 10.1000/182'],
    ['what stands for an address', 'redacted@redacted.invalid'],
  ])('nothing in %s', (_, text) => {
    expect(rulesIn(text)).toStrictEqual([]);
  });

  test('the name of a member says it too, and numbers become 0', () => {
    const value = { phone: '0301234567', card: 4_111_111_111_111_111, bsn: '111222333', other: '123456782' };
    expect(inspector.inspect(value, { surface: 'result' }).value).toStrictEqual({
      phone: 'XXXXXXXXXX',
      card: 0,
      bsn: 'XXXXXXXXX',
      other: '123456782',
    });
  });

  test('only where rules ask for a class is anything found, and only that class', () => {
    const text = 'a@b.org, 4111 1111 1111 1111';
    const inspect = (categories: Readonly<Record<string, 'redact' | 'off'>>): unknown =>
      createInspector({ categories }).inspect(text, { surface: 'result' });
    expect(inspect({})).toMatchObject({ verdict: 'pass', findings: [] });
    expect(inspect({ email: 'off' })).toMatchObject({ verdict: 'pass', findings: [] });
    expect(inspect({ card: 'redact' })).toMatchObject({ value: 'a@b.org, XXXX XXXX XXXX XXXX' });
  });
});

describe('sets that are generated here', () => {
  const digit = (random: () => number): number => Math.floor(random() * 10);
  const luhn = (body: string): string => {
    const sum = body
      .split('')
      .toReversed()
      .reduce((total, character, index) => {
        const doubled = index % 2 === 0 ? Number(character) * 2 : Number(character);
        return total + (doubled > 9 ? doubled - 9 : doubled);
      }, 0);
    return `${body}${(10 - (sum % 10)) % 10}`;
  };
  const iban = (country: string, bban: string): string => {
    const digits = `${bban}${country}00`
      .split('')
      .map((character) => Number.parseInt(character, 36))
      .join('');
    return `${country}${String(98n - (BigInt(digits) % 97n)).padStart(2, '0')}${bban}`;
  };
  const body = (random: () => number, length: number): string => Array.from({ length }, () => digit(random)).join('');

  test('every card with a check digit that holds is found', () => {
    const random = seeded(5);
    for (const [prefix, length] of [
      ['4', 16],
      ['51', 16],
      ['2221', 16],
      ['37', 15],
      ['6011', 16],
      ['3530', 16],
      ['62', 16],
      ['36', 14],
    ] as const) {
      for (let count = 0; count < 20; count += 1) {
        const card = luhn(`${prefix}${body(random, length - prefix.length - 1)}`);
        const spaced = card.replaceAll(/(?<four>\d{4})(?=\d)/gu, '$<four> ');
        for (const text of [card, `card ${card}.`, ...(length === 16 ? [spaced, spaced.replaceAll(' ', '-')] : [])]) {
          expect(rulesIn(text), text).toStrictEqual(['pii.card']);
        }
      }
    }
  });

  test('every IBAN whose check digits hold is found, and none whose do not', () => {
    const random = seeded(6);
    for (const [country, length] of [
      ['DE', 18],
      ['ES', 20],
      ['BE', 12],
      ['AT', 16],
      ['PL', 24],
      ['SE', 20],
      ['NO', 11],
    ] as const) {
      for (let count = 0; count < 20; count += 1) {
        const valid = iban(country, body(random, length));
        expect(rulesIn(valid)).toContain('pii.iban');
        expect(rulesIn(`pay ${valid.replaceAll(/(?<four>.{4})(?=.)/gu, '$<four> ')}.`)).toContain('pii.iban');
        const wrong = `${valid.slice(0, -1)}${(Number(valid.slice(-1)) + 1) % 10}`;
        expect(rulesIn(wrong)).not.toContain('pii.iban');
      }
    }
  });

  test('of numbers that are nobody’s at most one in a hundred is taken for a card or the number of a person', () => {
    const random = seeded(7);
    let wrong = 0;
    const total = 3000;
    for (let count = 0; count < total; count += 1) {
      const length = 6 + Math.floor(random() * 14);
      if (rulesIn(`id ${body(random, length)} done`).some((rule) => rule !== 'pii.phone')) wrong += 1;
    }
    expect(wrong / total).toBeLessThan(0.01);
  });

  test('every example of a mobile number of libphonenumber is found in its international form', () => {
    const missed = Object.entries(examples).filter(
      ([country, number]) =>
        !rulesIn(`+${getCountryCallingCode(country as CountryCode)}${number}`).includes('pii.phone'),
    );
    expect(missed).toStrictEqual([]);
  });
});

describe('laws', () => {
  const cases = Number(process.env['CALLGATE_CASES'] ?? 100);
  const parts = fc.constantFrom(
    'a@b.org',
    '+4915112345678',
    '4111111111111111',
    'DE89370400440532013000',
    '12345678Z',
    '8.8.8.8',
    '2606:4700::1',
    ' ',
    '\n',
    '.',
    '-',
    '/',
    '(',
    ')',
    '+',
    '@',
    ':',
    '1',
    '12',
    '4111',
    'DE89',
    'x',
    'ß',
    '☎ ',
    'tel ',
    'bsn ',
  );

  test('inspecting what was masked finds nothing, and it never throws', () => {
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const first = inspector.inspect(pieces.join(''), { surface: 'result' });
        expect(first.determining).not.toContain('detector.failed');
        if (first.value !== undefined)
          expect(inspector.inspect(first.value, { surface: 'result' }).verdict).toBe('pass');
      }),
      { numRuns: cases * 3 },
    );
  });
});
