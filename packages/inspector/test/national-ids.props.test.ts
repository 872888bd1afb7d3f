import { describe, expect, test } from 'vitest';

import { createInspector } from '../src/index.ts';
import { LETTERED_IDS } from '../src/pii/lettered-ids.ts';
import { NUMERIC_IDS } from '../src/pii/numeric-ids.ts';
import { ID_MAKERS, written, type IdMaker } from './support/national-ids.ts';
import { seeded } from './support/sample-of.ts';

const COUNT = Number(process.env['CALLGATE_CASES'] ?? 300);

const inspector = createInspector({ categories: { 'national-id': 'redact' } });
const isFound = (text: string): boolean =>
  inspector.inspect(text, { surface: 'result' }).findings.some(({ rule }) => rule === 'pii.national-id');

/** Every way of writing a number of one kind, with what stands before it. */
const formsOf = ({ alone, named }: IdMaker): readonly (readonly [before: string, shape: string])[] => [
  ...alone.map((shape) => ['The number is ', shape] as const),
  ...(named?.shapes ?? []).map((shape) => [`${named?.word ?? ''} `, shape] as const),
];

const CASES = Object.entries(ID_MAKERS).flatMap(([name, maker]) =>
  formsOf(maker).map(([before, shape]) => [name, shape, before, maker] as const),
);

describe('valid numbers of persons, made by the rules of their issuers', () => {
  test('are of every kind that is known', () => {
    const known = [...NUMERIC_IDS, ...LETTERED_IDS].map(({ name }) => name);
    expect(known.filter((name) => !Object.hasOwn(ID_MAKERS, name))).toStrictEqual([]);
  });

  test.each(CASES)('%s as %s are found, 98 of 100 at least', (_, shape, before, { make }) => {
    const random = seeded(7_919);
    const missed = Array.from({ length: COUNT }, () => `${before}${written(make(random), shape)}, as it says.`).filter(
      (text) => !isFound(text),
    );
    expect(missed.length / COUNT, missed.slice(0, 3).join('\n')).toBeLessThanOrEqual(0.02);
  });
});

describe('what is no number of a person', () => {
  const random = seeded(104_729);
  const digits = (count: number): string => Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const hex = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');

  test.each<readonly [string, () => string]>([
    ['order numbers', () => `Order #${digits(6 + Math.floor(random() * 5))} was shipped.`],
    ['times in milliseconds', () => `{"createdAt":${1_700_000_000_000 + Math.floor(random() * 1e11)}}`],
    [
      'times and dates',
      () => `at 2026-${10 + Math.floor(random() * 3)}-${10 + Math.floor(random() * 18)}T10:${digits(2)}:00Z`,
    ],
    ['versions', () => `version ${digits(1)}.${digits(2)}.${digits(3)}-${digits(2)}`],
    ['amounts', () => `a total of ${digits(3)},${digits(3)}.${digits(2)} EUR`],
    ['digests', () => `sha ${hex(40)}`],
    ['identifiers', () => `id ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    ['coordinates', () => `${digits(2)}.${digits(6)}, ${digits(2)}.${digits(6)}`],
    ['parts', () => `part ${digits(3)}-${digits(4)}-${digits(3)}`],
  ])('%s are found in 1 of 100 at most', (_, make) => {
    const wrong = Array.from({ length: COUNT }, make).filter(isFound);
    expect(wrong.length / COUNT, wrong.slice(0, 3).join('\n')).toBeLessThanOrEqual(0.01);
  });

  // Three countries write eleven digits and nothing else: of random ones about 1.2 in 100 fit one of them.
  test('numbers of eleven digits are found in 2 of 100 at most', () => {
    const wrong = Array.from({ length: 10 * COUNT }, () => `reference ${digits(11)}`).filter(isFound);
    expect(wrong.length / (10 * COUNT)).toBeLessThanOrEqual(0.02);
  });
});
