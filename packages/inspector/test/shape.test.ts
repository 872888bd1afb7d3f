import type { JsonObject, JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createInspector, createShapeCheck, createSizeCheck, estimateTokens, type ShapeRules } from '../src/index.ts';
import { cutJsonArray } from '../src/shape/json-array-cut.ts';

const inspect = (
  value: JsonValue,
  rules: Partial<ShapeRules>,
  outputSchema?: JsonValue,
  member?: string,
): ReturnType<ReturnType<typeof createInspector>['inspect']> =>
  createInspector({ checks: [createShapeCheck({ matchesManifest: true, ...rules })], detectors: [] }).inspect(value, {
    surface: 'result',
    tool: {
      ...(outputSchema === undefined ? {} : { outputSchema: outputSchema as JsonObject }),
      ...(member === undefined ? {} : { member }),
    },
  });

/** Pointers and keywords that structured content breaks. */
const broken = (schema: JsonValue, structuredContent: JsonValue): readonly string[] =>
  inspect({ content: [], structuredContent }, {}, schema).findings.map(
    ({ rule, pointer, reason }) =>
      `${rule} ${pointer.replace('/structuredContent', '')} ${/`(?<keyword>.*)`/u.exec(reason)?.[1] ?? ''}`,
  );

describe('a schema of a server', () => {
  test.each<readonly [JsonValue, JsonValue, readonly string[]]>([
    [{ properties: { a: { type: 'string' } } }, { a: 1 }, ['shape.schema /a type']],
    [{ type: ['string', 'null'] }, {}, ['shape.schema  type']],
    [{ enum: [{ a: 1, b: 2 }] }, { b: 2, a: 1 }, []],
    [{ const: { a: [1] } }, { a: [1, 2] }, ['shape.schema  const']],
    [
      { properties: { l: { items: { maximum: 3 }, uniqueItems: true } } },
      { l: [1, 1, 4] },
      ['shape.schema /l uniqueItems', 'shape.schema /l/2 maximum'],
    ],
    [
      { properties: { l: { prefixItems: [{ type: 'string' }], items: false } } },
      { l: ['a', 1] },
      ['shape.schema /l/1 false'],
    ],
    [
      { patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
      { 'x-a': 1, b: 2 },
      ['shape.schema /x-a type', 'shape.schema /b false'],
    ],
    [
      { $defs: { n: { properties: { n: { $ref: '#/$defs/n' }, v: { type: 'integer' } } } }, $ref: '#/$defs/n' },
      { n: { n: { v: 1.5 } } },
      ['shape.schema /n/n/v type'],
    ],
    [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, { c: 1 }, ['shape.schema  anyOf']],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, { a: 1, b: 1 }, ['shape.schema  oneOf']],
    [{ if: { required: ['a'] }, then: { required: ['b'] }, else: false }, { a: 1 }, ['shape.schema  required']],
    [{ properties: { n: { multipleOf: 0.01 } } }, { n: 0.07 }, []],
    [{ properties: { s: { maxLength: 2 } } }, { s: '👍👍' }, []],
    [{ properties: { s: { pattern: String.raw`^\u0041+$` } } }, { s: 'AAB' }, ['shape.schema /s pattern']],
    [{ properties: { s: { pattern: '(?=a)b' } } }, { s: 'x' }, ['shape.schema-unread  pattern']],
    [{ $ref: 'https://a.example/schema' }, {}, ['shape.schema-unread  $ref']],
    [{ unevaluatedProperties: false }, { a: 1 }, ['shape.schema-unread  unevaluatedProperties']],
    ['no schema' as never, {}, []],
  ])('%j on %j', (schema, value, expected) => {
    expect(broken(schema, value)).toStrictEqual(expected);
  });

  test.each<readonly [string, JsonValue, JsonValue]>([
    ['that refers to itself', { $ref: '#' }, {}],
    ['that doubles', { allOf: [{ $ref: '#' }, { $ref: '#' }] }, {}],
    ['that nests without end', nested(2000), {}],
    [
      'that compares all with all',
      { items: { enum: Array.from({ length: 5000 }, (_, id) => ({ id })) } },
      Array.from({ length: 5000 }, () => ({})),
    ],
  ])('%s costs no more than is granted, and withholds', (_, schema, value) => {
    const { verdict, determining } = inspect({ content: [], structuredContent: value }, {}, schema);
    expect([verdict, determining]).toStrictEqual(['quarantine', ['shape.schema-budget']]);
  });

  test('with a pattern that would take for ever is linear, or not judged', () => {
    for (const pattern of ['^(a+)+$', '(a|a)*b', '(x+x+)+y', '[a-z]{1,1000}'.repeat(20), '('.repeat(400)]) {
      const schema = { properties: { s: { pattern } } };
      const begun = process.cpuUsage();
      inspect({ content: [], structuredContent: { s: `${'a'.repeat(20_000)}!` } }, {}, schema);
      const { user } = process.cpuUsage(begun);
      expect(user, pattern).toBeLessThan(2_000_000);
    }
  });

  test('is found by its member in a task', () => {
    const message = { status: 'completed', result: { content: [], structuredContent: { a: 1 } } };
    const { findings } = inspect(message, {}, { properties: { a: { type: 'string' } } }, 'result');
    expect(findings.map(({ pointer }) => pointer)).toStrictEqual(['/result/structuredContent/a']);
  });
});

function nested(depth: number): JsonValue {
  let schema: JsonValue = {};
  for (let level = 0; level < depth; level += 1) schema = { allOf: [schema] };
  return schema;
}

describe('rows', () => {
  const trim = (value: JsonValue, at: string, max: number): JsonValue | undefined =>
    inspect(value, { rows: [{ at, max, then: 'trim' }] }).value;

  test('are cut in text without touching the rest of it', () => {
    const text = '{ "n": 12345678901234567890, "rows": [ 1, [2, "]"], {"a": "\\"}"} , 4 ],\n "z": 1e400 }';
    expect(trim({ content: [{ type: 'text', text }] }, '/rows', 2)).toStrictEqual({
      content: [
        { type: 'text', text: '{ "n": 12345678901234567890, "rows": [ 1, [2, "]"]],\n "z": 1e400 }' },
        { type: 'text', text: '[showing 2 of 4 rows at /rows: policy shows no more]' },
      ],
    });
  });

  test('are cut at the top, within arrays, and behind a name that changes prototypes', () => {
    expect(trim({ content: [{ type: 'text', text: '[1,2,3]' }] }, '', 1)).toMatchObject({
      content: [{ text: '[1]' }, {}],
    });
    expect(trim({ content: [], structuredContent: { a: [{}, { b: [1, 2] }] } }, '/a/1/b', 1)).toMatchObject({
      structuredContent: { a: [{}, { b: [1] }] },
    });
    const strange = JSON.parse('{"__proto__":{"l":[1,2]}}') as JsonValue;
    const { structuredContent } = trim({ content: [], structuredContent: strange }, '/__proto__/l', 1) as JsonObject;
    expect(JSON.stringify(structuredContent)).toBe('{"__proto__":{"l":[1]}}');
  });

  test('of text that is no JSON, or holds no array there, are not cut', () => {
    for (const text of ['[1,2,3', '{"rows": {"0":1}}', 'rows: [1,2,3]', '{"rows":"[1,2,3]"}']) {
      const value = { content: [{ type: 'text', text }] };
      expect(trim(value, '/rows', 1)).toBe(value);
    }
  });

  test('that are cut are the first ones, whatever stands around them', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.jsonValue(), { maxLength: 6 }),
        fc.nat(3),
        fc.nat(5),
        (other, list, indent, most) => {
          const text = JSON.stringify({ other, list, more: [list] }, undefined, indent);
          const cut = cutJsonArray(text, ['list'], most + 1);
          expect(cut?.count).toBe(list.length);
          const expected = { other, list: list.slice(0, most + 1), more: [list] };
          expect(JSON.parse(cut?.text ?? '')).toStrictEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: Number(process.env['CALLGATE_CASES'] ?? 200) },
    );
  });
});

test('text that nobody sees is gone from results whose shape was checked too', () => {
  const inspector = createInspector({ checks: [createShapeCheck({ matchesManifest: true })] });
  const value = { content: [{ type: 'text', text: 'a\u200bb' }] };
  expect(inspector.inspect(value, { surface: 'result', tool: {} }).value).toStrictEqual({
    content: [{ type: 'text', text: 'ab' }],
  });
});

describe('tokens', () => {
  test.each([
    ['', 1],
    ['word', 1],
    ['a sentence of eight words or so, really', 10],
    ['日本語の文', 5],
    ['русский текст', 7],
  ])('of %j are estimated at %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens);
  });

  test('are counted over all text, and not over pictures', () => {
    const verdict = (value: JsonValue): string =>
      createInspector({ checks: [createSizeCheck({ maxTokens: 50 })], detectors: [] }).inspect(value, {
        surface: 'result',
        tool: {},
      }).verdict;
    const long = 'word '.repeat(60);
    expect(verdict({ content: [{ type: 'text', text: long }] })).toBe('quarantine');
    expect(verdict({ structuredContent: { [long]: 1 } })).toBe('quarantine');
    expect(verdict({ content: [{ type: 'image', data: 'A'.repeat(9000), mimeType: 'image/png' }] })).toBe('pass');
    expect(verdict({ content: [{ type: 'image', mimeType: 'image/png', alt: long }] })).toBe('quarantine');
  });
});
