import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { idKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

const UUID4 = '0a1b2c3d-4e5f-4a6b-8c7d-0e1f2a3b4c5d';
const UUID7 = '0a1b2c3d-4e5f-7a6b-8c7d-0e1f2a3b4c5d';
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

kindContract(idKind, [
  {
    specification: {},
    pass: ['a', 'T-1', 'order_42', UUID4, 'x'.repeat(128)],
    fail: [
      '',
      '-a',
      '_a',
      'a b',
      'a/b',
      '..',
      'a.b',
      'x'.repeat(129),
      'a\u0430',
      'a\n',
      'a\0',
      '\uff11',
      5,
      null,
      ['a'],
    ],
  },
  {
    specification: { format: 'uuid' },
    pass: [UUID4, UUID7, UUID4.toUpperCase()],
    fail: [
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      `{${UUID4}}`,
      `urn:uuid:${UUID4}`,
      UUID4.replaceAll('-', ''),
      UUID4.replace('8c7d', 'cc7d'),
      UUID4.replace('0', '\uff10'),
      UUID4.replace('0', 'o'),
      `${UUID4} `,
    ],
  },
  {
    specification: { format: 'uuid', versions: [4], case: 'lower' },
    pass: [UUID4],
    fail: [UUID7, UUID4.toUpperCase()],
  },
  {
    specification: { format: 'uuid', case: 'upper', prefix: 'u-' },
    pass: [`u-${UUID4.toUpperCase()}`],
    fail: [`u-${UUID4}`, `U-${UUID4.toUpperCase()}`],
  },
  {
    specification: { format: 'ulid' },
    pass: [ULID, ULID.toLowerCase()],
    fail: [`8${ULID.slice(1)}`, ULID.replace('A', 'I'), ULID.replace('A', 'U'), ULID.slice(1)],
  },
  {
    specification: { format: 'nanoid' },
    pass: ['V1StGXR8_Z5jdHi6B-myT', '-'.repeat(21)],
    fail: ['V1StGXR8', 'V1StGXR8.Z5jdHi6B-myT'],
  },
  { specification: { format: 'nanoid', minLength: 10, maxLength: 12 }, pass: ['V1StGXR8_Z'], fail: ['V1StGXR8'] },
  {
    specification: { format: 'objectid' },
    pass: ['507f1f77bcf86cd799439011', '507F1F77BCF86CD799439011'],
    fail: ['507f1f77bcf86cd79943901', '507f1f77bcf86cd79943901g'],
  },
  {
    specification: { format: 'integer' },
    pass: ['0', '1', '18446744073709551615'],
    fail: ['01', '-1', '+1', '1.0', '1e3', ' 1', '0x1', '1_0', '\u0661', '1'.repeat(21)],
  },
  {
    specification: { format: 'integer', minimum: 5, maximum: '36893488147419103232' },
    pass: ['5', '36893488147419103232'],
    fail: ['4', '36893488147419103233'],
  },
  {
    specification: { format: 'digits', prefix: 'T-', minLength: 4, maxLength: 8 },
    pass: ['T-0042', 'T-12345678'],
    fail: ['T-1', 't-0042', 'T0042', 'T-123456789', 'T-00a2', '0042'],
  },
  {
    specification: { format: 'hex', minLength: 7, maxLength: 40 },
    pass: ['d2b115c', 'D2B115C'],
    fail: ['d2b115', 'd2b115g'],
  },
  { specification: { format: 'hex', minLength: 2, case: 'upper' }, pass: ['AB'], fail: ['ab', 'aB'] },
  { specification: { format: 'slug' }, pass: ['a', 'a-b-2'], fail: ['a--b', '-a', 'a-', 'A', 'a_b'] },
  {
    specification: { alphabet: 'abc./', maxLength: 8 },
    pass: ['a/b', 'a.b', './b'.slice(2)],
    fail: ['..', '.', 'a/../b', 'a/.', './a', 'd'],
  },
  { specification: { alphabet: 'aA-', case: 'lower' }, pass: ['a-', '-'], fail: ['A'] },
]);

const within = (inner: object, outer: object): string =>
  compileKind(idKind, inner as never).isWithin(compileKind(idKind, outer as never));

describe('how specifications compare', () => {
  test.each([
    [{ format: 'uuid' }, {}],
    [
      { format: 'uuid', versions: [4] },
      { format: 'uuid', versions: [4, 7] },
    ],
    [
      { format: 'integer', maximum: 99 },
      { format: 'digits', maxLength: 2 },
    ],
    [{ format: 'digits', prefix: 'T-' }, { maxLength: 130 }],
    [{ format: 'objectid' }, { format: 'hex' }],
    [{ format: 'digits' }, { format: 'hex' }],
    [{ format: 'slug' }, {}],
    [{ alphabet: 'ab' }, {}],
    [{ prefix: 'a-b-', maxLength: 5 }, { prefix: 'a-' }],
  ])('%j lies within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('yes');
  });

  test.each([
    [{}, { format: 'uuid' }],
    [{ format: 'uuid' }, { format: 'uuid', versions: [4] }],
    [{ format: 'uuid' }, { format: 'uuid', case: 'lower' }],
    [{ format: 'nanoid' }, {}],
    [{ alphabet: 'a-' }, {}],
    [{ alphabet: 'a_' }, { alphabet: 'a-' }],
    [{ maxLength: 9 }, { maxLength: 8 }],
    [{ minLength: 3 }, { minLength: 4 }],
    [
      { format: 'integer', maximum: 101 },
      { format: 'integer', maximum: 100 },
    ],
    [
      { format: 'integer', minimum: 4 },
      { format: 'integer', minimum: 5 },
    ],
    [{ prefix: 'a' }, { prefix: 'b' }],
    [{}, { prefix: 'b' }],
  ])('%j is shown not to lie within %j', (inner, outer) => {
    expect(within(inner, outer)).toBe('no');
  });

  test('what is said to lie within is never contradicted', () => {
    const specification = fc.record(
      {
        format: fc.constantFrom('token', 'uuid', 'ulid', 'nanoid', 'objectid', 'integer', 'digits', 'hex', 'slug'),
        prefix: fc.constantFrom('a', 'a-', 'ab', '-', '.'),
        minLength: fc.integer({ min: 1, max: 4 }),
        maxLength: fc.integer({ min: 1, max: 6 }),
        alphabet: fc.constantFrom('ab', 'a-', 'a.', 'aA', '0'),
        case: fc.constantFrom('lower', 'upper', 'any'),
        minimum: fc.nat(20),
        maximum: fc.nat(200),
      },
      { requiredKeys: [] },
    );
    const compiled = (one: object): ReturnType<typeof idKind.compile> | undefined => {
      let isSound = true;
      const kind = idKind.compile(one as never, () => (isSound = false));
      return isSound ? kind : undefined;
    };
    const value = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '0', '1', '-', '.'), maxLength: 8 });
    fc.assert(
      fc.property(specification, specification, fc.array(value, { maxLength: 40 }), (one, other, values) => {
        const inner = compiled(one);
        const outer = compiled(other);
        if (inner === undefined || outer === undefined || inner.isWithin(outer) !== 'yes') return;
        for (const each of [...values, ...inner.probes()]) {
          if (passes(inner, each)) expect(outer.check(each)).toStrictEqual([]);
        }
      }),
      { numRuns: casesOr(5000) },
    );
  });
});

test.each([
  [{ format: 'hex', alphabet: 'ab' }, '/alphabet'],
  [{ versions: [4] }, '/versions'],
  [{ format: 'digits', maximum: 3 }, '/maximum'],
  [{ format: 'integer', minimum: 3, maximum: 2 }, '/maximum'],
  [{ format: 'uuid', maxLength: 3 }, '/maxLength'],
  [{ minLength: 5, maxLength: 3 }, '/maxLength'],
  [{ alphabet: 'A', case: 'lower' }, '/case'],
])('a specification that cannot be meant: %j', (specification, pointer) => {
  const reported: string[] = [];
  idKind.compile(specification as never, (place) => reported.push(place));
  expect(reported).toStrictEqual([pointer]);
});

test('case does not matter where the format says so, and then has one form', () => {
  expect(compileKind(idKind, { format: 'uuid' }).canonical(UUID4.toUpperCase())).toBe(UUID4);
  expect(compileKind(idKind, { format: 'uuid', case: 'upper' }).canonical(UUID4.toUpperCase())).toBe(
    UUID4.toUpperCase(),
  );
  expect(compileKind(idKind, { format: 'ulid', prefix: 'x' }).canonical(`x${ULID.toLowerCase()}`)).toBe(`x${ULID}`);
  expect(compileKind(idKind).canonical('aB')).toBe('aB');
});
