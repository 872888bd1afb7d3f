import { clonePlain, type JsonValue } from '@callgate/canonical';
import { describe, expect, it } from 'vitest';

import { decide, type ValueSchema } from '../src/index.ts';
import { codesOf, decideValue, toolCall, valuePolicy } from './support/policies.ts';

const CONDITIONS: Readonly<Record<string, ValueSchema>> = {
  minimum: { minimum: 1 },
  maximum: { maximum: 1000 },
  'exclusive bounds': { exclusiveMinimum: 0, exclusiveMaximum: 1000 },
  integer: { type: 'integer', minimum: 1, maximum: 1000 },
  multipleOf: { multipleOf: 5 },
  enum: { enum: ['us-east', 'us-west'] },
  const: { const: 'us-east' },
  boolean: { type: 'boolean' },
  minLength: { minLength: 1, maxLength: 7, pattern: '^us-(?:east|west)$' },
  pattern: { pattern: '^[a-z]{2}-[a-z]{4}$' },
  items: { type: 'array', items: { enum: ['name', 'email'] }, minItems: 1 },
  object: { type: 'object', properties: { region: { enum: ['us-east'] } } },
};

const MALFORMED: Readonly<Record<string, JsonValue>> = {
  null: null,
  'an empty string': '',
  'a number as text': '500',
  'a number as text with an exponent': '1e3',
  'hexadecimal text': '0x10',
  'a list of a number': [5],
  'a list of a list': [[5]],
  'an empty list': [],
  'an empty object': {},
  'an object with a value': { valueOf: 5 },
  'a huge number': 1e308,
  'a huge negative number': -1e308,
  'an integer beyond 2^53': 2 ** 60,
  'a fraction under the smallest step': 1e-320,
  'look-alike letters': 'us-eаst',
  'full-width letters': 'ｕｓ-east',
  'a zero-width space': 'us-east\u200B',
  'a trailing line break': 'us-east\n',
  'another case': 'US-EAST',
  'surrounding space': ' us-east ',
  'the name of a prototype': '__proto__',
  'a wildcard': '*',
  'an object with a constructor': { constructor: 'us-east' },
  'an object with an own __proto__': clonePlain(JSON.parse('{"__proto__": {"region": "us-east"}}')),
};

describe.each(Object.entries(CONDITIONS))('%s', (_, schema) => {
  it.each(Object.entries(MALFORMED))('[decide.three-valued] is not satisfied by %s', (__, value) => {
    // as written in decimal, the huge numbers are multiples of 5, and some are above or below the one bound there is
    const isRightfullyIn =
      typeof value === 'number' &&
      ((schema.multipleOf !== undefined && Number.isInteger(value)) ||
        (schema.minimum === 1 && schema.maximum === undefined && value >= 1) ||
        (schema.maximum === 1000 && schema.minimum === undefined && value <= 1000) ||
        (schema.exclusiveMinimum === 0 && value > 0 && value < 1000));
    const decision = decideValue(schema, value);
    expect(decision.effect).toBe(isRightfullyIn ? 'allow' : 'deny');
    if (!isRightfullyIn) expect(decision.code).toBe('arguments.envelope');
  });

  it('is not satisfied by an absent value', () => {
    const decision = decide(valuePolicy(schema), toolCall({}));
    expect(decision.effect).toBe('deny');
    expect(codesOf(decision)).toEqual(['required']);
  });
});

describe('numbers', () => {
  it('counts 1.0 as an integer and 1.5 as none', () => {
    expect(decideValue({ type: 'integer' }, 1.0).effect).toBe('allow');
    expect(decideValue({ type: 'integer' }, 1.5).effect).toBe('deny');
  });

  it.each([
    [0.3, 0.1, true],
    [1.1, 0.01, true],
    [0.35, 0.1, false],
    [19.99, 0.01, true],
    [1e21, 1e-7, true],
    [5e-324, 1e-323, false],
    [4.35, 0.01, true],
    [-0.3, 0.1, true],
    [0, 7, true],
    [2 ** 53 + 2, 2, true],
  ])('decides exactly in decimal whether %d is a multiple of %d', (value, multipleOf, isMultiple) => {
    expect(decideValue({ multipleOf }, value).effect).toBe(isMultiple ? 'allow' : 'deny');
  });
});

describe('texts', () => {
  it('are measured in code points', () => {
    expect(decideValue({ type: 'string', maxLength: 2 }, '😀😀').effect).toBe('allow');
    expect(decideValue({ type: 'string', maxLength: 2 }, '😀😀😀').effect).toBe('deny');
    expect(decideValue({ type: 'string', minLength: 2 }, '😀').effect).toBe('deny');
  });

  it('are searched for a pattern that is not anchored, and a final `$` is not fooled by a line break', () => {
    expect(decideValue({ pattern: 'b' }, 'abc').effect).toBe('allow');
    expect(decideValue({ pattern: '^abc$' }, 'abc\n').effect).toBe('deny');
  });

  it('give the same answer to a pattern however often it is asked', () => {
    const policy = valuePolicy({ pattern: '^/srv/public/' });
    const effects = Array.from({ length: 50 }, () => decide(policy, toolCall({ value: '/srv/../etc/passwd' })).effect);
    expect(new Set(effects)).toEqual(new Set(['deny']));
  });
});

describe('objects', () => {
  it('may have properties called constructor and toString like any other', () => {
    const schema: ValueSchema = { type: 'object', properties: { constructor: { const: 1 }, toString: { const: 2 } } };
    expect(decideValue(schema, { constructor: 1, toString: 2 }).effect).toBe('allow');
    expect(codesOf(decideValue(schema, {}))).toEqual(['required', 'required']);
  });

  it('keep what `additional` is a schema for within it', () => {
    const schema: ValueSchema = { type: 'object', additional: { type: 'integer', maximum: 5 } };
    expect(decideValue(schema, { anything: 5 }).effect).toBe('allow');
    const decision = decideValue(schema, { anything: 6 });
    expect(decision.violations[0]).toMatchObject({ code: 'maximum', pointer: '/value/anything' });
  });
});
