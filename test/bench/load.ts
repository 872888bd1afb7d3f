import { parsePolicy } from 'callgate';

import { bytes, millis, whole } from './format.ts';
import { LARGE_TOOL_COUNT, largePolicy, smallerPolicy, toYaml } from './large-policy.ts';
import type { Benchmark } from './section.ts';
import { spreadOf, type Spread } from './statistics.ts';

const ROUNDS = 25;

/** Loading a large policy from its text: reading, checking and compiling. */
export const loadBenchmark: Benchmark = {
  name: 'load',
  run: ({ isQuick, progress }) => {
    const tools = isQuick ? 10 : LARGE_TOOL_COUNT;
    const documents = { five: largePolicy(tools), three: smallerPolicy(tools) };
    const texts = Object.entries(documents).flatMap(([size, document]) => [
      { size, format: 'YAML', text: toYaml(document).trimStart() },
      { size, format: 'JSON', text: JSON.stringify(document) },
    ]);
    const found = texts.map(({ size, format, text }) => {
      progress(`${format}, ${tools} tools, ${size} arguments`);
      return { size, format, length: text.length, spread: measure(text, isQuick ? 2 : ROUNDS) };
    });
    return Promise.resolve({
      title: 'Loading a policy',
      notes: [
        `A policy of ${whole(tools)} tools with five arguments each, or three, no two alike, and 20 rules, from text to what decides. The first load of ` +
          'the process is not counted.',
      ],
      tables: [
        {
          caption: '',
          header: ['arguments of a tool', 'format', 'size', 'p50', 'p99', 'loads'],
          rows: found.map(({ size, format, length, spread }) => [
            size,
            format,
            bytes(length),
            millis(spread.p50),
            millis(spread.p99),
            whole(spread.count),
          ]),
        },
      ],
      targets: found
        .filter(({ format }) => format === 'YAML')
        .map(({ size, spread }) => ({
          promise: `load of a policy of ${whole(tools)} tools, ${size} arguments each, YAML, p50`,
          bound: 300,
          direction: 'at-most',
          measured: spread.p50,
          unit: 'ms',
        })),
      figures: Object.fromEntries(
        found.map(({ size, format, spread }) => [`${format}.${size}.${tools}.p50.ms`, spread.p50]),
      ),
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
