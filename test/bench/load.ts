import { parsePolicy } from 'callgate';

import { bytes, millis, whole } from './format.ts';
import { LARGE_TOOL_COUNT, largePolicy, toYaml } from './large-policy.ts';
import type { Benchmark } from './section.ts';
import { spreadOf, type Spread } from './statistics.ts';

const ROUNDS = 25;

/** Loading a large policy from its text: reading, checking and compiling. */
export const loadBenchmark: Benchmark = {
  name: 'load',
  run: ({ isQuick, progress }) => {
    const tools = isQuick ? 10 : LARGE_TOOL_COUNT;
    const document = largePolicy(tools);
    const texts = { YAML: toYaml(document).trimStart(), JSON: JSON.stringify(document) };
    const found = Object.entries(texts).map(([format, text]) => {
      progress(`${format}, ${tools} tools`);
      return { format, length: text.length, spread: measure(text, isQuick ? 2 : ROUNDS) };
    });
    return Promise.resolve({
      title: 'Loading a policy',
      notes: [
        `A policy of ${whole(tools)} tools with five arguments each, no two alike, and 20 rules, from text to what decides. The first load of ` +
          'the process is not counted.',
      ],
      tables: [
        {
          caption: '',
          header: ['format', 'size', 'p50', 'p99', 'loads'],
          rows: found.map(({ format, length, spread }) => [
            format,
            bytes(length),
            millis(spread.p50),
            millis(spread.p99),
            whole(spread.count),
          ]),
        },
      ],
      targets: [
        {
          promise: `load of a policy of ${whole(tools)} tools, YAML, p50`,
          bound: 300,
          direction: 'at-most',
          measured: found[0]?.spread.p50 ?? Number.NaN,
          unit: 'ms',
        },
      ],
      figures: Object.fromEntries(found.map(({ format, spread }) => [`${format}.${tools}.p50.ms`, spread.p50])),
    });
  },
};

function measure(text: string, rounds: number): Spread {
  parsePolicy(text);
  const samples = Array.from({ length: rounds }, () => {
    const startedMs = performance.now();
    parsePolicy(text);
    return performance.now() - startedMs;
  });
  return spreadOf(samples);
}
