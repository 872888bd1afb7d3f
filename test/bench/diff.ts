import { diffPolicies } from '@callgate/policy';
import { compilePolicy } from 'callgate';

import { millis, whole } from './format.ts';
import { LARGE_TOOL_COUNT, largePolicy } from './large-policy.ts';
import type { Benchmark } from './section.ts';
import { spreadOf, type Spread } from './statistics.ts';

const ROUNDS = 5;

const CHANGES: readonly (readonly [title: string, widening: (index: number) => number])[] = [
  ['nothing', () => 0],
  ['1 in 100 tools widened', (index) => (index % 100 === 0 ? 1 : 0)],
  ['1 in 100 tools narrowed', (index) => (index % 100 === 0 ? -1 : 0)],
  ['all widened', () => 1],
  ['all narrowed', () => -1],
];

interface Row {
  readonly title: string;
  readonly differences: number;
  readonly spread: Spread;
}

/** Comparing two large policies, with a witness call for each difference. */
export const diffBenchmark: Benchmark = {
  name: 'diff',
  run: ({ isQuick, progress }) => {
    const tools = isQuick ? 10 : LARGE_TOOL_COUNT;
    const rows = CHANGES.map(([title, widening]) => {
      progress(title);
      return measure(title, tools, widening, isQuick ? 1 : ROUNDS);
    });
    return Promise.resolve({
      title: 'Comparing two policies',
      notes: [
        `Two policies of ${whole(tools)} tools with five arguments each, no two alike, and 20 rules. Each difference comes with a witness ` +
          'call that was decided by both. Each comparison is with a policy compiled anew, so that nothing is remembered.',
      ],
      tables: [
        {
          caption: '',
          header: ['changed', 'differences', 'p50', 'slowest'],
          rows: rows.map(({ title, differences, spread }) => [
            title,
            whole(differences),
            millis(spread.p50),
            millis(spread.p99),
          ]),
        },
      ],
      targets: rows.map(({ title, spread }) => ({
        promise: `diff of two policies of ${whole(tools)} tools, ${title}, p50`,
        bound: 2_000,
        direction: 'at-most' as const,
        measured: spread.p50,
        unit: 'ms',
      })),
      figures: Object.fromEntries(rows.map(({ title, spread }) => [`${title}.p50.ms`, spread.p50])),
    });
  },
};

function measure(title: string, tools: number, widening: (index: number) => number, rounds: number): Row {
  const before = compilePolicy(largePolicy(tools));
  let differences = 0;
  const samples = Array.from({ length: rounds }, () => {
    const after = compilePolicy(largePolicy(tools, widening));
    const startedMs = performance.now();
    differences = diffPolicies(before, after).items.length;
    return performance.now() - startedMs;
  });
  return { title, differences, spread: spreadOf(samples) };
}
