import { clonePlain, type JsonObject, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  compilePolicy,
  decide,
  lint,
  parsePolicy,
  policyYaml,
  readToolDefinitions,
  starterPolicy,
  type EnvelopeDocument,
  type StarterOptions,
  type ToolDefinition,
} from '../src/index.ts';
import { anyValue } from './support/arbitraries.ts';
import { casesOr } from './support/cases.ts';
import { toolCall } from './support/policies.ts';

function tools(...given: readonly object[]): readonly ToolDefinition[] {
  return readToolDefinitions(clonePlain(given)) ?? [];
}

function envelopeOf(properties: object, more: object = {}, options: StarterOptions = {}): EnvelopeDocument | undefined {
  const server = { name: 's', tools: tools({ name: 'get_x', inputSchema: { type: 'object', properties, ...more } }) };
  const { document } = starterPolicy([server], options);
  compilePolicy(document, options);
  return document.servers['s']?.tools?.['get_x']?.arguments;
}

describe('a starter policy', () => {
  it('allows reads, holds changes, and denies what it does not name', () => {
    const { document } = starterPolicy([
      {
        name: 'inventory',
        tools: tools({ name: 'get_stock' }, { name: 'set_stock' }, { name: 'delete_stock' }, { name: 'stock' }),
      },
    ]);
    const policy = compilePolicy(document);
    const effects = ['get_stock', 'set_stock', 'delete_stock', 'stock', 'other'].map(
      (tool) => decide(policy, toolCall({}, { tool })).effect,
    );
    expect(effects).toEqual(['allow', 'hold', 'hold', 'hold', 'deny']);
    expect(lint(policy).filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('takes a server’s hints to be more severe, and never less', () => {
    const hinted = [
      { readOnlyHint: true },
      { readOnlyHint: true, destructiveHint: false },
      {},
      { readOnlyHint: false },
      { destructiveHint: true },
    ];
    const rings = (name: string): readonly unknown[] =>
      hinted.map(
        (annotations) =>
          starterPolicy([{ name: 's', tools: tools({ name, annotations }) }]).document.servers['s']?.tools?.[name]
            ?.ring,
      );
    expect(rings('delete_x')).toEqual([3, 3, 3, 3, 3]);
    expect(rings('write_x')).toEqual([2, 2, 2, 2, 3]);
    expect(rings('get_x')).toEqual([1, 1, 1, 2, 3]);
    expect(rings('x')).toEqual([2, 2, 2, 2, 3]);
    expect(rings('get_secret')).toEqual([3, 3, 3, 3, 3]);
  });

  it('says of every tool why, and who approves', () => {
    const { document, notes } = starterPolicy([{ name: 's', tools: tools({ name: 'send_mail' }) }], {
      approver: 'role:lead',
    });
    expect(document.servers['s']?.tools?.['send_mail']?.approval).toEqual({ by: ['role:lead'] });
    expect(notes.find(({ pointer }) => pointer === '/servers/s/tools/send_mail')?.message).toBe(
      'write: `send` in its name; ring 2: held until somebody approves',
    );
  });

  it('leaves out tools whose names say more than a name', () => {
    const names = ['get_*', '__proto__', 'get\u202Ex', `get ghp_${'a1B2c3D4e5'.repeat(4)}`, 'x'.repeat(200)];
    const starter = starterPolicy([{ name: 's', tools: tools(...names.map((name) => ({ name }))) }]);
    expect(starter.document.servers['s']?.tools).toEqual({});
    expect(starter.notes).toHaveLength(5);
    expect(policyYaml(starter)).toContain('its name may not stand in a policy');
  });
});

describe('envelopes from input schemas', () => {
  it.each([
    [
      { type: 'string', maxLength: 10, minLength: 2 },
      { type: 'string', minLength: 2, maxLength: 10 },
    ],
    [{ type: 'string' }, { type: 'string', maxLength: 1000 }],
    [
      { type: 'string', pattern: '^a+$' },
      { type: 'string', maxLength: 1000, pattern: '^a+$' },
    ],
    [
      { type: 'string', pattern: '^(?=a)b$' },
      { type: 'string', maxLength: 1000 },
    ],
    [{ enum: ['a', 1, null] }, { enum: ['a', 1, null] }],
    [{ const: 'a' }, { const: 'a' }],
    [
      { type: 'integer', minimum: 1, maximum: 9 },
      { type: 'integer', minimum: 1, maximum: 9 },
    ],
    [
      { type: 'number', exclusiveMinimum: 0 },
      { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000_000 },
    ],
    [{ type: 'boolean', default: true }, { type: 'boolean' }],
    [{ type: ['string', 'null'] }, { type: ['string', 'null'], maxLength: 1000 }],
    [
      { anyOf: [{ type: 'integer', minimum: 3 }, { $ref: '#/$defs/text' }] },
      { type: ['integer', 'string'], minimum: -1_000_000_000, maximum: 1_000_000_000, maxLength: 1000 },
    ],
    [{ $ref: '#/$defs/text' }, { type: 'string', maxLength: 5 }],
    [{ $ref: '#/$defs/loop' }, { type: ['string', 'number', 'boolean', 'null'], maxLength: 1000 }],
    [{}, { type: ['string', 'number', 'boolean', 'null'], maxLength: 1000 }],
    [
      { type: 'array', items: { type: 'boolean' }, maxItems: 3 },
      { type: 'array', items: { type: 'boolean' }, maxItems: 3 },
    ],
    [
      { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] },
      { type: 'object', properties: { a: { type: 'boolean' } } },
    ],
    [
      { type: 'integer', minimum: 9, maximum: 1 },
      { type: 'string', maxLength: 1000 },
    ],
    [
      { type: 'string', format: 'uri' },
      { type: 'string', maxLength: 1000 },
    ],
  ])('%j', (given, expected) => {
    const $defs = { text: { type: 'string', maxLength: 5 }, loop: { $ref: '#/$defs/loop' } };
    expect(envelopeOf({ value: given }, { required: ['value'], $defs })).toEqual({ value: expected });
  });

  it('are optional where the schema does not require', () => {
    expect(envelopeOf({ limit: { type: 'integer' } })).toEqual({
      limit: { type: 'integer', minimum: 0, maximum: 1000, optional: true },
    });
  });

  it('whatever a server sends, the policy loads', () => {
    const keyword = fc.constantFrom(
      'type',
      'enum',
      'const',
      'minimum',
      'maxLength',
      'minItems',
      'pattern',
      'items',
      'properties',
      'anyOf',
      '$ref',
      'format',
    );
    const plain = fc.oneof(
      anyValue,
      fc.constantFrom<JsonValue>(
        'string',
        'integer',
        'array',
        'object',
        '#/properties',
        ['number', 'null'],
        -1,
        0.5,
        '(',
      ),
    );
    const schema = fc.dictionary(keyword, fc.oneof(plain, fc.dictionary(keyword, plain, { maxKeys: 3 })), {
      maxKeys: 4,
    });
    const tool = fc.record(
      {
        name: fc.oneof(fc.constantFrom('get_x', 'set', '__proto__', 'a*'), fc.string({ unit: 'binary', maxLength: 8 })),
        inputSchema: fc.record({
          properties: fc.dictionary(fc.constantFrom('a', 'path', '__proto__', 'x y', '\u0000'), schema, { maxKeys: 3 }),
        }),
        annotations: fc.dictionary(fc.constantFrom('readOnlyHint', 'destructiveHint'), anyValue),
      },
      { requiredKeys: ['name'] },
    );
    fc.assert(
      fc.property(fc.array(tool, { maxLength: 4 }), (given) => {
        const value = clonePlain(
          JSON.parse(JSON.stringify(given).replaceAll(/\\ud[89a-f][0-9a-f]{2}/giu, '?')),
        ) as readonly JsonObject[];
        const starter = starterPolicy([{ name: 's', tools: readToolDefinitions(value) ?? [] }]);
        expect(parsePolicy(policyYaml(starter)).digest).toBe(compilePolicy(starter.document).digest);
      }),
      { numRuns: Math.min(casesOr(30), 1000) },
    );
  });
});

describe('tool definitions', () => {
  it('are read from a list, from an object, and from an answer', () => {
    const list = [{ name: 'a', description: 1 }, { description: 'no name' }, 'x', null];
    const expected = [{ name: 'a', description: '', inputSchema: {}, annotations: {} }];
    expect(readToolDefinitions(list as JsonValue)).toEqual(expected);
    expect(readToolDefinitions({ tools: list } as JsonValue)).toEqual(expected);
    expect(readToolDefinitions({ jsonrpc: '2.0', id: 1, result: { tools: list } } as JsonValue)).toEqual(expected);
    for (const other of [null, 'x', {}, { result: {} }, { tools: {} }])
      expect(readToolDefinitions(other)).toBeUndefined();
  });
});
