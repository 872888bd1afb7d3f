import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import { Validator } from '@cfworker/json-schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDuration, parseSize, policyJsonSchema } from '../src/index.ts';
import { editDistance, nearestName } from '../src/internal/nearest-name.ts';
import { SHAPE_CODES } from '../src/decide/buckets.ts';
import { casesOr } from './support/cases.ts';

describe('durations', () => {
  it.each([
    ['250ms', 250],
    ['5s', 5000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['0s', undefined],
    ['25h', undefined],
    ['1.5s', undefined],
    ['-1s', undefined],
    ['5', undefined],
    ['5 s', undefined],
    ['05s', undefined],
    ['', undefined],
  ])('%j is %j', (text, durationMs) => {
    expect(parseDuration(text)).toBe(durationMs);
  });
});

describe('sizes', () => {
  it.each([
    ['512', 512],
    [512, 512],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['1GiB', 1_073_741_824],
    ['2GiB', undefined],
    ['64KB', undefined],
    [0, undefined],
    [1.5, undefined],
    [1e21, undefined],
    [-1, undefined],
  ])('%j is %j', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });
});

describe('the nearest name', () => {
  it('is a likely slip of one of the candidates, the first in order on a tie', () => {
    expect(nearestName('maximun', ['minimum', 'maximum', 'const'])).toBe('maximum');
    expect(nearestName('ab', ['ac', 'aa', 'ad'])).toBe('aa');
    expect(nearestName('limti', ['limit'])).toBe('limit');
    expect(nearestName('everything', ['limit', 'region'])).toBeUndefined();
    expect(nearestName('x'.repeat(65), ['x'.repeat(65)])).toBeUndefined();
  });

  it('is found wherever it stands among a thousand', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `${index % 2 === 0 ? 'create' : 'export'}_item_${index}`);
    for (const place of [0, 500, 1000]) {
      const all = [...names.slice(0, place), 'archive_project', ...names.slice(place)];
      expect(nearestName('archive_projcet', all)).toBe('archive_project');
      expect(nearestName('Archive_Project', all)).toBe('archive_project');
    }
  });

  it('is never further than another one that is near enough', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 32 }), (name, candidates) => {
        const near = candidates
          .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
          .filter(({ candidate, distance }) => distance <= Math.max(name.length, candidate.length, 3) / 3)
          .toSorted((one, other) => one.distance - other.distance || (one.candidate < other.candidate ? -1 : 1));
        expect(nearestName(name, candidates)).toBe(near[0]?.candidate);
      }),
      { numRuns: casesOr(300) },
    );
  });
});

describe('edit distance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 });

  /** The definition itself, without tables. */
  const oracle = (left: string, right: string): number => {
    if (left === '' || right === '') return left.length + right.length;
    const [a, b] = [left.slice(1), right.slice(1)];
    if (left[0] === right[0]) return oracle(a, b);
    const isSwap = left.length > 1 && right.length > 1 && left[0] === right[1] && left[1] === right[0];
    const swapped = isSwap ? oracle(left.slice(2), right.slice(2)) : Number.POSITIVE_INFINITY;
    return 1 + Math.min(oracle(a, right), oracle(left, b), oracle(a, b), swapped);
  };

  it('is what its definition says, up to the limit', () => {
    fc.assert(
      fc.property(word, word, fc.nat({ max: 8 }), (left, right, limit) => {
        const distance = oracle(left, right);
        expect(editDistance(left, right)).toBe(distance);
        if (distance <= limit) expect(editDistance(left, right, limit)).toBe(distance);
        else expect(editDistance(left, right, limit)).toBeGreaterThan(limit);
      }),
      { numRuns: casesOr(300) },
    );
  });
});

describe('the JSON Schema for editors', () => {
  const schema = policyJsonSchema();

  it('describes every key', () => {
    const missing: string[] = [];
    const visit = (value: JsonValue, path: string): void => {
      if (Array.isArray(value)) value.forEach((item: JsonValue, index) => visit(item, `${path}/${index}`));
      if (!isJsonObject(value)) return;
      const properties = own(value, 'properties');
      if (value['type'] === 'object' && isJsonObject(properties)) {
        for (const [name, property] of Object.entries(properties)) {
          if (!isJsonObject(property) || typeof property['description'] !== 'string') missing.push(`${path}/${name}`);
        }
      }
      for (const [key, item] of Object.entries(value)) visit(item, `${path}/${key}`);
    };
    visit(schema, '');
    expect(missing).toEqual([]);
  });

  it('accepts a policy and refuses a misspelt one', () => {
    const validator = new Validator(structuredClone(schema) as object, '2020-12');
    const tool = {
      ring: 1,
      arguments: { limit: { type: 'integer', maximum: 25 }, any: { type: 'any' } },
      timeout: '5s',
    };
    const document = (more: JsonObject): JsonObject => ({
      callgate: 1,
      name: 'x',
      version: '1',
      servers: { s: { tools: { t: { ...tool, ...more } } } },
    });
    expect(validator.validate(document({})).valid).toBe(true);
    expect(validator.validate(document({ tiemout: '5s' })).valid).toBe(false);
    expect(validator.validate(document({ ring: 4 })).valid).toBe(false);
    expect(validator.validate(document({ arguments: { limit: { maximun: 5 } } })).valid).toBe(false);
  });
});

it('seven shape codes with their wildcard marks fit a safe integer', () => {
  expect((2 * SHAPE_CODES) ** 7).toBeLessThan(Number.MAX_SAFE_INTEGER);
});
