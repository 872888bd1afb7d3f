import { inspect } from 'node:util';

import { CallgateError, InternalError, PlainDataError, excerpt } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

const PLACE = { pointer: '/a/0', expected: 'a finite number', got: 'NaN' };

test('an error carries its code, place and shapes', () => {
  const error = new PlainDataError('CALLGATE_CANONICAL_NOT_PLAIN', PLACE);
  expect(error).toMatchObject({ name: 'PlainDataError', code: 'CALLGATE_CANONICAL_NOT_PLAIN', ...PLACE });
  expect(error.message).toBe('expected a finite number at `/a/0`, got NaN');
});

test('a long or hostile pointer does not get into the message', () => {
  const pointer = `/${'x'.repeat(500)}\u001b[2J`;
  const error = new PlainDataError('CALLGATE_CANONICAL_TOO_LARGE', { ...PLACE, pointer });
  expect(error.message.length).toBeLessThan(140);
  expect(error.pointer).toBe(pointer);
});

test('an internal error keeps its cause', () => {
  const cause = new Error('why');
  expect(new InternalError('what', { cause })).toMatchObject({ code: 'CALLGATE_INTERNAL', message: 'what', cause });
});

test('two copies of the library recognise each other', async () => {
  vi.resetModules();
  const copy = await import('../src/errors.ts');
  const theirs = new copy.InternalError('theirs');
  expect(copy.CallgateError).not.toBe(CallgateError);
  expect(theirs).not.toBeInstanceOf(CallgateError);
  expect(CallgateError.is(theirs)).toBe(true);
  expect(copy.CallgateError.is(new InternalError('ours'))).toBe(true);
});

test('nothing else is taken for one, and no value makes the question throw', () => {
  const throwing = new Proxy(
    {},
    {
      get(): never {
        throw new Error('no');
      },
    },
  );
  const branded = { [Symbol.for('callgate.error')]: 'true' };
  const brandedFunction = Object.assign(() => 1, { [Symbol.for('callgate.error')]: true });
  for (const value of [new Error('x'), {}, null, undefined, 'x', 1, throwing, branded, brandedFunction, () => 1]) {
    expect(CallgateError.is(value)).toBe(false);
  }
});

test('the brand does not show', () => {
  const error = new InternalError('x');
  expect(Object.keys(error)).not.toContain('callgate.error');
  expect(inspect(error)).not.toContain('callgate.error');
});

describe('an excerpt', () => {
  test('is one line without control, format or invisible characters', () => {
    expect(excerpt('a\r\nb\u001b[31mc\u2028d\u202ee\u200bf\u{e0041}g')).toBe('a  b [31mc d e f g');
  });

  test('is cut, and says so', () => {
    expect(excerpt('x'.repeat(80))).toBe('x'.repeat(80));
    expect(excerpt('x'.repeat(81))).toBe(`${'x'.repeat(80)}…`);
    expect(excerpt('abcdef', 3)).toBe('abc…');
  });

  test('never ends in half a character', () => {
    expect(excerpt('ab\u{1f600}', 3)).toBe('ab …');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0xd7_f0, max: 0xe0_10 })), fc.nat(20), (units, maxLength) => {
        const cut = excerpt(String.fromCharCode(...units), maxLength);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut.length).toBeLessThanOrEqual(maxLength + 1);
      }),
    );
  });
});
