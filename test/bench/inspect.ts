import { createInspector } from '@callgate/inspector';
import { ContextPoisoningDetector, McpSecurityScanner } from '@microsoft/agent-governance-sdk';

import { INSPECTION_INPUTS } from '../../packages/inspector/bench/inspect-inputs.ts';
import { millis, significant } from './format.ts';
import type { Benchmark } from './section.ts';
import { median } from './statistics.ts';

const UNITS = 131_072;
const QUICK_UNITS = 1_024;
const ROUNDS = 15;

const ENTRY = {
  entryId: 'entry',
  sessionId: 'run',
  agentId: 'agent',
  role: 'tool',
  timestamp: '2026-01-01T00:00:00Z',
} as const;

interface Scanner {
  readonly name: string;
  readonly scan: (text: string) => unknown;
}

/** Ours, and what another library reads the same texts by. */
function scanners(): readonly Scanner[] {
  const inspector = createInspector();
  const definitions = new McpSecurityScanner();
  const memory = new ContextPoisoningDetector();
  return [
    { name: '`@callgate/inspector`', scan: (text) => inspector.inspect(text, { surface: 'result' }) },
    {
      name: '`agent-governance-sdk`, tool definitions',
      scan: (text) => definitions.scan({ name: 'lookup', description: text }),
    },
    {
      name: '`agent-governance-sdk`, context entries',
      scan: (content) => memory.scanEntry({ ...ENTRY, content }),
    },
  ];
}

/** Inspecting texts, ordinary and crafted. */
export const inspectBenchmark: Benchmark = {
  name: 'inspect',
  run: ({ isQuick, progress }) => {
    const all = scanners();
    const rows = INSPECTION_INPUTS.map(({ name, isCrafted, make }) => {
      progress(name);
      // Through JSON, so that the text is stored as those of messages are.
      const text = JSON.parse(JSON.stringify(make(isQuick ? QUICK_UNITS : UNITS))) as string;
      return { name, isCrafted, cpuMs: all.map(({ scan }) => cpuMsOf(() => scan(text), isQuick ? 1 : ROUNDS)) };
    });
    const ordinary = rows.filter(({ isCrafted }) => !isCrafted).map(({ cpuMs }) => cpuMs[0] ?? Number.NaN);
    const slowest = Math.max(...ordinary);
    const units = isQuick ? QUICK_UNITS : UNITS;
    return Promise.resolve({
      title: 'Inspecting texts',
      notes: [
        `CPU time to inspect a text of ${units.toLocaleString('en-US')} UTF-16 code units with the default rules, the median of ${ROUNDS} ` +
          'runs. Beside it, the scanners of another library on the same text; they look for less, and for other things.',
      ],
      tables: [
        {
          caption: '',
          header: ['text', ...all.map(({ name }) => name)],
          rows: rows.map(({ name, isCrafted, cpuMs }) => [isCrafted ? `crafted: ${name}` : name, ...cpuMs.map(millis)]),
        },
      ],
      targets: [
        {
          promise: `inspection of ordinary text, the slowest of ${significant(ordinary.length)}`,
          bound: 100,
          direction: 'at-least' as const,
          measured: units / 1_000 / slowest,
          unit: 'million units/s',
        },
      ],
      figures: Object.fromEntries(
        rows.map(({ name, cpuMs }) => [`${name.replaceAll(' ', '-')}.ms`, cpuMs[0] ?? Number.NaN]),
      ),
    });
  },
};

/** CPU time, so that what else the machine does counts little. */
function cpuMsOf(run: () => unknown, rounds: number): number {
  run();
  const samples = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  return median(samples);
}
