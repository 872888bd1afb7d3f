import { describe, expect, it } from 'vitest';

import { compareSuite } from './compare-suite.ts';
import { compareResults, countClean, tallySuite } from './compare.ts';
import { planCalls } from './drivers/scenario.ts';
import type { SuiteResult } from './run-suite.ts';
import { SUITES } from './suites.ts';

const SUITE_TIMEOUT_MS = 240_000;

describe('under a policy that allows everything, [transparent.conformance] the conformance suite ends the same way as without a gate', () => {
  // The whole of it is `npm run conformance`; the suite of SDK v2 for 2025 is a subset of that for 2026, and that of v1 runs in the soak.
  const isSoak = process.env['CALLGATE_SOAK'] === '1';
  it.each(
    SUITES.filter(({ id }) => id === 'v2-2026' || (isSoak && id === 'v1')).map((suite) => [suite.id, suite] as const),
  )(
    '%s, core scenarios',
    async (_, suite) => {
      const { plain, governed, differences } = await compareSuite(suite, { group: 'core' });

      expect(differences).toEqual([]);
      expect(countClean(governed)).toBe(plain.size);
      expect(tallySuite(governed).passed).toBeGreaterThan(200);
    },
    SUITE_TIMEOUT_MS,
  );
});

describe('the comparison', () => {
  const result = (verdicts: Record<string, string[]>): SuiteResult =>
    new Map([['scenario', new Map(Object.entries(verdicts))]]);

  it('finds nothing between equal results', () => {
    expect(compareResults(result({ check: ['SUCCESS'] }), result({ check: ['SUCCESS'] }))).toEqual([]);
  });

  it('finds a check that ends otherwise, that is missing, and that ran a different number of times', () => {
    const plain = result({ other: ['SUCCESS'], missing: ['SUCCESS'], twice: ['SUCCESS', 'SUCCESS'] });
    const governed = result({ other: ['FAILURE'], twice: ['SUCCESS'] });
    expect(compareResults(plain, governed)).toEqual([
      { scenario: 'scenario', check: 'missing', plain: 'SUCCESS', governed: 'absent' },
      { scenario: 'scenario', check: 'other', plain: 'SUCCESS', governed: 'FAILURE' },
      { scenario: 'scenario', check: 'twice', plain: '2 × SUCCESS', governed: 'SUCCESS' },
    ]);
  });

  it('finds a scenario that only one side has', () => {
    expect(compareResults(result({ check: ['SUCCESS'] }), new Map())).toHaveLength(1);
  });
});

describe('a driver', () => {
  const scenario = { name: 'x', url: new URL('http://localhost'), protocolVersion: '2026-07-28' };

  it('makes the calls a scenario asks for', () => {
    const toolCalls = [{ name: 'asked', arguments: { a: 1 } }];
    expect(planCalls({ ...scenario, context: { toolCalls } }, [])).toBe(toolCalls);
  });

  it('calls each listed tool otherwise, with arguments of the listed types', () => {
    const properties = { n: { type: 'number' }, s: { type: 'string' }, b: { type: 'boolean' }, a: { type: 'array' } };
    expect(planCalls({ ...scenario, context: {} }, [{ name: 't', inputSchema: { properties } }])).toEqual([
      { name: 't', arguments: { n: 5, s: 'text', b: true, a: [] } },
    ]);
  });
});
