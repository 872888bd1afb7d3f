import type { ArgumentSchema } from '@callgate/policy';

/** A schema of an argument, and a value that it takes. */
export interface SchemaCase {
  readonly name: string;
  readonly schema: ArgumentSchema;
  readonly good: unknown;
  /** Names of malformed values that are rightly in: what the one keyword bounds, it bounds from one side. */
  readonly also?: readonly string[];
}

const FRACTIONS = ['a number under the smallest step', 'minus zero'] as const;
const LARGE = ['a huge number', 'an integer beyond 2^53'] as const;

/** Every keyword of an envelope. */
export const KEYWORDS: readonly SchemaCase[] = [
  { name: 'type', schema: { type: 'integer', minimum: 1, maximum: 9 }, good: 5 },
  { name: 'enum', schema: { enum: ['us-east', 5] }, good: 'us-east' },
  { name: 'const', schema: { const: 'us-east' }, good: 'us-east' },
  { name: 'minimum', schema: { minimum: 1 }, good: 5, also: LARGE },
  { name: 'maximum', schema: { maximum: 9 }, good: 5, also: [...FRACTIONS, 'a huge negative number'] },
  { name: 'exclusiveMinimum', schema: { exclusiveMinimum: 1 }, good: 5, also: LARGE },
  { name: 'exclusiveMaximum', schema: { exclusiveMaximum: 0 }, good: -5, also: ['a huge negative number'] },
  { name: 'multipleOf', schema: { multipleOf: 7, minimum: 1, maximum: 90 }, good: 7 },
  { name: 'minLength', schema: { minLength: 30 }, good: 'a'.repeat(30) },
  { name: 'maxLength', schema: { maxLength: 2, minLength: 2, pattern: '^us$' }, good: 'us' },
  { name: 'pattern', schema: { pattern: '^[a-z]{2}-[a-z]{4}$' }, good: 'us-east' },
  { name: 'items', schema: { type: 'array', items: { enum: ['us-east'] }, minItems: 1 }, good: ['us-east'] },
  { name: 'minItems', schema: { items: { type: 'string' }, minItems: 1 }, good: ['us-east'] },
  { name: 'maxItems', schema: { items: { enum: ['a'] }, minItems: 1, maxItems: 1 }, good: ['a'] },
  { name: 'uniqueItems', schema: { items: { enum: ['a', 'b'] }, minItems: 2, uniqueItems: true }, good: ['a', 'b'] },
  { name: 'properties', schema: { properties: { region: { enum: ['us-east'] } } }, good: { region: 'us-east' } },
  {
    name: 'additional',
    schema: { properties: { a: { const: 1 } }, additional: { const: 2 } },
    good: { a: 1, b: 2 },
  },
];

/** Every argument kind. */
export const KINDS: readonly SchemaCase[] = [
  { name: 'cidr', schema: { kind: 'cidr', within: ['10.0.0.0/8'] }, good: '10.1.2.3' },
  { name: 'email', schema: { kind: 'email', domains: ['example.com'] }, good: 'ada@example.com' },
  { name: 'glob', schema: { kind: 'glob', prefixes: ['docs/'] }, good: 'docs/*.md' },
  { name: 'id', schema: { kind: 'id', prefix: 'T-' }, good: 'T-42' },
  { name: 'json', schema: { kind: 'json', type: 'object' }, good: '{"a": 1}' },
  {
    name: 'money',
    schema: { kind: 'money', form: 'text', currency: ['EUR'] },
    good: '5.00',
    also: ['a number as text'],
  },
  { name: 'money', schema: { kind: 'money', minimum: 4, maximum: 6 }, good: 5 },
  { name: 'path', schema: { kind: 'path', roots: ['/srv/data'] }, good: '/srv/data/a.csv' },
  { name: 'regex', schema: { kind: 'regex', mustBeAnchored: true }, good: '^a$' },
  { name: 'shell', schema: { kind: 'shell', programs: { ls: 'any' } }, good: 'ls -l' },
  { name: 'sql', schema: { kind: 'sql', dialect: 'sqlite', tables: ['t'] }, good: 'SELECT a FROM t' },
  { name: 'text', schema: { kind: 'text', minLength: 12, maxLength: 20 }, good: 'twelve letters' },
  { name: 'time', schema: { kind: 'time' }, good: '2026-11-25T10:00:00Z' },
  { name: 'url', schema: { kind: 'url', hosts: ['example.com'] }, good: 'https://example.com/' },
];
