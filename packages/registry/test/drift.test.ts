import { describe, expect, it } from 'vitest';

import { classifyDrift, driftLines, readManifest, type Advertised, type Drift, type ItemKind } from '../src/index.ts';

function itemOf(kind: ItemKind, advertised: Advertised) {
  const [item] = readManifest(advertised).items.get(kind)?.values() ?? [];
  if (item === undefined) throw new Error('expected an item');
  return item;
}

function schemaDrifts(before: unknown, after: unknown): readonly Drift[] {
  const tool = (inputSchema: unknown) => itemOf('tool', { tools: [{ name: 't', inputSchema }] });
  return classifyDrift(tool(before), tool(after));
}

const SCHEMAS: readonly (readonly [before: unknown, after: unknown, expected: string])[] = [
  [{ type: ['string', 'null'] }, { type: 'string' }, 'schema-narrowed /type'],
  [{ type: 'integer' }, { type: 'number' }, 'schema-widened /type'],
  [{ type: 'string' }, { type: 'number' }, 'schema-changed /type'],
  [{}, { type: 'string' }, 'schema-narrowed /type'],
  [{ a: 1 }, { a: 1, type: 'string' }, 'schema-narrowed /type'],
  [{ maxLength: 10, a: 1 }, { maxLength: 20, a: 1 }, 'schema-widened /maxLength'],
  [{ minimum: 1 }, { minimum: 2 }, 'schema-narrowed /minimum'],
  [{ minimum: 1 }, { minimum: '2' }, 'schema-changed /minimum'],
  [{ pattern: '^a' }, { pattern: '^ab' }, 'schema-changed /pattern'],
  [{ type: 'string', pattern: '^a' }, { type: 'string' }, 'schema-widened /pattern'],
  [{ format: 'uri' }, { format: 'email' }, 'schema-changed /format'],
  [{ enum: [1, 2] }, { enum: [2] }, 'schema-narrowed /enum'],
  [{ enum: [1, 2] }, { enum: [2, 3] }, 'schema-changed /enum'],
  [{ uniqueItems: false }, { uniqueItems: true }, 'schema-narrowed /uniqueItems'],
  [{ additionalProperties: true }, { additionalProperties: false }, 'schema-narrowed /additionalProperties'],
  [
    { additionalProperties: { type: 'string' } },
    { additionalProperties: {} },
    'schema-widened /additionalProperties/type',
  ],
  [{ items: { maximum: 3 } }, { items: { maximum: 2 } }, 'schema-narrowed /items/maximum'],
  [{ anyOf: [{ maximum: 3 }] }, { anyOf: [{ maximum: 4 }] }, 'schema-widened /anyOf/0/maximum'],
  [{ anyOf: [{ maximum: 3 }] }, { anyOf: [{ maximum: 3 }, {}] }, 'schema-changed /anyOf'],
  [{ oneOf: [{ maximum: 3 }] }, { oneOf: [{ maximum: 4 }] }, 'schema-changed /oneOf/0/maximum'],
  [{ not: { maximum: 3 } }, { not: { maximum: 4 } }, 'schema-changed /not/maximum'],
  [{ $defs: { a: { maximum: 3 } } }, { $defs: { a: { maximum: 4 } } }, 'schema-changed /$defs/a/maximum'],
  [{ oneOf: [{ title: 'a' }] }, { oneOf: [{ title: 'b' }] }, 'wording /oneOf/0/title'],
  [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }, 'schema-changed /$ref'],
  [{ properties: { a: {} } }, { properties: { a: {} }, required: ['a'] }, 'required-added /required'],
  [{ properties: { a: {} }, required: ['a'] }, { properties: { a: {} } }, 'schema-widened /required'],
  [{ patternProperties: {} }, { patternProperties: { a: {} } }, 'schema-changed /patternProperties/a'],
  [{ type: 'object' }, true, 'schema-widened '],
  [{ type: 'object' }, 'nonsense', 'schema-changed '],
];

describe('two input schemas', () => {
  it.each(SCHEMAS)('%j, then %j: %s', (before, after, expected) => {
    const drifts = schemaDrifts(before, after).map((drift) => `${drift.class} ${drift.pointer}`);
    expect(drifts).toEqual([expected.replace(' ', ' /inputSchema')]);
  });

  it('breaking is what a client that was written for the first can trip over', () => {
    expect(schemaDrifts({ minimum: 1 }, { minimum: 2 })[0]?.breaking).toBe(true);
    expect(schemaDrifts({ minimum: 1 }, { minimum: 0 })[0]?.breaking).toBe(false);
    expect(schemaDrifts({ pattern: 'a' }, { pattern: 'b' })[0]?.breaking).toBe(true);
  });
});

describe('two prompts', () => {
  const drifts = (before: unknown, after: unknown): readonly string[] => {
    const prompt = (args: unknown) => itemOf('prompt', { prompts: [{ name: 'p', arguments: args }] });
    return classifyDrift(prompt(before), prompt(after)).map((drift) => `${drift.class} ${drift.pointer}`);
  };
  const path = { name: 'path', required: true };

  it.each([
    ['an argument that must be given', [path], [path, { name: 'b', required: true }], 'required-added /arguments/1'],
    ['an argument that may be given', [path], [path, { name: 'b' }], 'optional-added /arguments/1'],
    ['an argument less', [path, { name: 'b' }], [path], 'removed-property /arguments/1'],
    ['an argument that must be given now', [{ name: 'path' }], [path], 'required-added /arguments/0/required'],
    ['an argument that may be left out', [path], [{ name: 'path' }], 'schema-widened /arguments/0/required'],
    ['another description', [path], [{ ...path, description: 'x' }], 'wording /arguments/0/description'],
    ['another order', [path, { name: 'b' }], [{ name: 'b' }, path], 'wording /arguments'],
    ['an argument twice', [path], [path, path], 'schema-changed /arguments'],
  ])('%s', (_, before, after, expected) => {
    expect(drifts(before, after)).toEqual([expected]);
  });
});

describe('two resources', () => {
  it('differ in words, and in all else', () => {
    const resource = (more: object) => itemOf('resource', { resources: [{ uri: 'a://b', name: 'n', ...more }] });
    const drifts = classifyDrift(resource({}), resource({ description: 'x', mimeType: 'text/html' }));
    expect(drifts.map((drift) => `${drift.class} ${drift.pointer}`)).toEqual([
      'wording /description',
      'other /mimeType',
    ]);
  });
});

describe('the lines of a drift', () => {
  const lines = (before: string, after: string): string =>
    driftLines({ class: 'wording', breaking: false, pointer: '', before, after })
      .map(({ mark, text }) => `${mark}${text}`)
      .join('\n');

  it('show what came and went, and what is next to it', () => {
    expect(lines('a\nb\nc\nd\ne\nf', 'a\nb\nc\nd\nX\nf')).toBe(' c\n d\n-e\n+X\n f');
    expect(lines('same\nold\ntail', 'same\nnew\nmore\ntail')).toBe(' same\n-old\n+new\n+more\n tail');
  });

  it('of a schema are JSON with its keys in order', () => {
    const drift: Drift = { class: 'other', breaking: true, pointer: '', before: { b: 1, a: 2 }, after: { b: 1, a: 3 } };
    expect(driftLines(drift).map(({ mark, text }) => mark + text)).toEqual([
      ' {',
      '-  "a": 2,',
      '+  "a": 3,',
      '   "b": 1',
      ' }',
    ]);
  });

  it('of texts of any size are bounded', () => {
    const [before, after] = [0, 1].map((odd) =>
      Array.from({ length: 50_000 }, (_, index) => `${index * 2 + odd}`).join('\n'),
    );
    expect(
      driftLines({ class: 'wording', breaking: false, pointer: '', before: before ?? '', after: after ?? '' }).length,
    ).toBeLessThan(4_010);
  });
});
