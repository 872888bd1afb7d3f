import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { moneyKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const HOSTILE_TEXTS = [
  '',
  '-1',
  '-0',
  '-0.00',
  '+1',
  '1e3',
  '1E3',
  '1,000.00',
  '1.000,00',
  '1 000',
  "1'000",
  '1_000',
  '01',
  '00.5',
  '.5',
  '5.',
  ' 1',
  '1 ',
  '1\n',
  '0x10',
  'NaN',
  'Infinity',
  '€1',
  '$1',
  'USD 1',
  '(1)',
  '1-',
  '\uff11',
  '\u0661',
  '1\uff0e5',
  '1\u200b',
  '\u22121',
  '1.005',
  '1'.repeat(31),
  '1'.repeat(10_000),
];

kindContract(moneyKind, [
  {
    specification: {},
    pass: [0, 1, 0.01, 12.5, 999_999_999_999.99],
    fail: [-1, -0, -0.01, 0.001, 0.1 + 0.2, 1e21, 1e-7, 1e15 + 0.5, 123_456_789_012_345.67, '1', null, true, [5], {}],
  },
  {
    specification: { form: 'text', currency: ['EUR'] },
    pass: ['0', '1', '12.5', '12.50', '1'.repeat(30)],
    fail: [...HOSTILE_TEXTS, 1, null],
  },
  { specification: { currency: ['JPY'], maximum: 30_000 }, pass: [0, 30_000], fail: [0.5, 30_001] },
  {
    specification: { currency: ['KWD'], form: 'text', minimum: '0.001', maximum: '0.300' },
    pass: ['0.001', '0.3', '0.300'],
    fail: ['0', '0.0005', '0.301', '0.3000'],
  },
  { specification: { minimum: -5, maximum: 5 }, pass: [-5, -0.01, 0, 5], fail: [-5.01, 5.01, -0] },
  {
    specification: { form: 'minor', maximum: 20_000, currency: ['USD'] },
    pass: [0, 20_000],
    fail: [20_001, 0.5, -1, '5', 1e17],
  },
  {
    specification: { shape: 'object', currency: ['EUR', 'JPY'], maximum: { EUR: 200, JPY: '30000' } },
    pass: [
      { amount: 200, currency: 'EUR' },
      { currency: 'JPY', amount: 30_000 },
    ],
    fail: [
      { amount: 200.01, currency: 'EUR' },
      { amount: 30_001, currency: 'JPY' },
      { amount: 201, currency: 'JPY', extra: 1 },
      { amount: 0.5, currency: 'JPY' },
      { amount: 1, currency: 'USD' },
      { amount: 1, currency: 'eur' },
      { amount: 1, currency: 'EUR ' },
      { amount: 1, currency: ['EUR'] },
      { amount: '1', currency: 'EUR' },
      { amount: [1], currency: 'EUR' },
      { amount: 1 },
      { currency: 'EUR' },
      5,
    ],
  },
  {
    specification: { shape: 'object', members: ['value', 'unit'], form: 'text', currency: ['EUR'], decimals: 4 },
    pass: [{ value: '1.2345', unit: 'EUR' }],
    fail: [
      { amount: '1', currency: 'EUR' },
      { value: '1.23456', unit: 'EUR' },
    ],
  },
]);

const within = (inner: object, outer: object): string =>
  compileKind(moneyKind, inner as never).isWithin(compileKind(moneyKind, outer as never));

describe('how specifications compare', () => {
  test.each([
    [{ maximum: 5 }, { maximum: '5.00' }],
    [{ minimum: 1 }, {}],
    [{ currency: ['JPY'] }, { currency: ['EUR'] }],
    [
      { shape: 'object', currency: ['EUR'] },
      { shape: 'object', currency: ['EUR', 'USD'] },
    ],
  ])('%j lies within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('yes');
  });

  test.each([
    [{}, { maximum: 5 }],
    [{ maximum: 5.01 }, { maximum: 5 }],
    [{ minimum: -1 }, {}],
    [{ minimum: 1 }, { minimum: 1.01 }],
    [{ decimals: 3 }, {}],
    [{ currency: ['KWD'] }, { currency: ['EUR'] }],
    [{ form: 'text' }, {}],
    [{ form: 'minor' }, { form: 'text' }],
    [
      { shape: 'object', currency: ['EUR', 'USD'] },
      { shape: 'object', currency: ['EUR'] },
    ],
    [
      { shape: 'object', currency: ['EUR'], members: ['a', 'b'] },
      { shape: 'object', currency: ['EUR'] },
    ],
    [
      { shape: 'object', currency: ['EUR', 'USD'], maximum: { EUR: 1, USD: 3 } },
      { shape: 'object', currency: ['EUR', 'USD'], maximum: { EUR: 1, USD: 2 } },
    ],
  ])('%j is shown not to lie within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('no');
  });
});

test.each([
  [{ shape: 'object' }, ''],
  [{ currency: ['EUR', 'USD'] }, '/currency'],
  [{ currency: ['XXY'] }, '/currency/0'],
  [{ members: ['a', 'b'] }, '/members'],
  [{ form: 'minor', decimals: 2 }, '/decimals'],
  [{ form: 'minor', maximum: 0.5 }, '/maximum'],
  [{ maximum: 0.001 }, '/maximum'],
  [{ maximum: -1 }, '/maximum'],
  [{ shape: 'object', currency: ['EUR', 'USD'], maximum: 5 }, '/maximum'],
  [{ shape: 'object', currency: ['EUR', 'USD'], maximum: { EUR: 5 } }, '/maximum'],
  [{ shape: 'object', currency: ['EUR'], maximum: { EUR: 5, USD: 5 } }, '/maximum/USD'],
])('a specification that cannot be meant: %j', (specification, pointer) => {
  const reported: string[] = [];
  moneyKind.compile(specification as never, (place) => reported.push(place));
  expect(reported).toStrictEqual([pointer]);
});

test('a text has all decimals of its currency in its one form', () => {
  expect(compileKind(moneyKind, { form: 'text', currency: ['KWD'] }).canonical('1.5')).toBe('1.500');
  expect(compileKind(moneyKind, { form: 'text', currency: ['JPY'] }).canonical('15')).toBe('15');
  expect(compileKind(moneyKind, { form: 'text', minimum: -9 }).canonical('-0.5')).toBe('-0.50');
});

test('amounts compare as integers of minor units do', () => {
  const units = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  const text = (value: bigint): string => {
    const digits = String(value < 0n ? -value : value).padStart(3, '0');
    return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  };
  fc.assert(
    fc.property(units, units, units, (value, one, other) => {
      const [least, most] = one < other ? [one, other] : [other, one];
      const kind = compileKind(moneyKind, { form: 'text', minimum: text(least), maximum: text(most) });
      expect(passes(kind, text(value))).toBe(value >= least && value <= most);
    }),
    { numRuns: casesOr(2000) },
  );
});
