import { expect, it } from 'vitest';

import { decide, type SummaryDocument } from '../src/index.ts';
import { toolCall, toolPolicy } from './support/policies.ts';

const ARGUMENTS = {
  region: { enum: ['us-east', 'us-west'] },
  limit: { type: 'integer', maximum: 100 },
  query: { type: 'string' },
  code: { type: 'string', pattern: '^[A-Z]{3}$', maxLength: 3, optional: true },
  fields: { type: 'array', items: { type: 'string' }, optional: true },
} as const;

function summaryOf(args: Record<string, never> | object, summary?: SummaryDocument): unknown {
  const policy = toolPolicy({ ring: 1, arguments: ARGUMENTS, ...(summary === undefined ? {} : { summary }) });
  return decide(policy, toolCall(args as never)).summary;
}

it('by default shows the names the policy lists, types and size buckets', () => {
  expect(summaryOf({ region: 'us-east', limit: 0, query: '%', fields: ['a'], other: 1 })).toEqual({
    fields: { region: 'string 1-10', limit: 'number 0', query: 'string 1-10', fields: 'array 1-10' },
    undeclared: 1,
    wildcards: ['query'],
  });
});

it('tells calls of different sizes apart, however often they alternate', () => {
  const policy = toolPolicy({
    ring: 1,
    arguments: { limit: { type: 'integer' }, q: { type: 'string', optional: true } },
  });
  for (let round = 0; round < 3; round += 1) {
    for (const [limit, bucket] of [
      [5, '1-10'],
      [50, '11-100'],
      [-1, '<0'],
      [1e15, '>1000000000000'],
    ] as const) {
      expect(decide(policy, toolCall({ limit })).summary).toEqual({
        fields: { limit: `number ${bucket}` },
        undeclared: 0,
      });
      expect(decide(policy, toolCall({ limit, q: '*' })).summary).toMatchObject({ wildcards: ['q'] });
    }
  }
});

it('keeps values only where the envelope leaves no room, and only if they satisfy it', () => {
  const summary = { keep: ['region', 'code', 'query', 'limit'] };
  expect(summaryOf({ region: 'us-east', limit: 7, query: 'secret', code: 'ABC' }, summary)).toMatchObject({
    kept: { region: 'us-east', code: 'ABC' },
  });
  expect(
    JSON.stringify(summaryOf({ region: 'secret', limit: 7, query: 'secret', code: 'secret' }, summary)),
  ).not.toContain('secret');
});

it('shows the resource, buckets and restricted names that were asked for', () => {
  const summary: SummaryDocument = {
    resource: 'customer',
    bucket: ['limit'],
    restricted: { at: '/fields', names: ['ssn', 'card'] },
  };
  expect(
    summaryOf({ region: 'us-east', limit: 25, query: 'x', fields: ['name', 'SSN', 'other'] }, summary),
  ).toMatchObject({
    resource: 'customer',
    buckets: { limit: '11-100' },
    restricted: ['ssn'],
  });
});
