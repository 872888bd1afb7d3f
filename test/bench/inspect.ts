import { createInspector, type Inspector } from '@callgate/inspector';
import { ContextPoisoningDetector, McpSecurityScanner } from '@microsoft/agent-governance-sdk';
import { lintSource } from '@secretlint/core';
import { creator as secretlintRules } from '@secretlint/secretlint-rule-preset-recommend';

import { INSPECTION_INPUTS, type InspectionInput } from '../../packages/inspector/bench/inspect-inputs.ts';
import { millis, significant, whole } from './format.ts';
import type { Benchmark } from './section.ts';
import { median } from './statistics.ts';

const UNITS = 131_072;
const QUICK_UNITS = 1_024;
const ROUNDS = 15;
/** Runs before the first that is measured: engines compile what is hot. */
const WARM_UP = 5;

const ENTRY = {
  entryId: 'entry',
  sessionId: 'run',
  agentId: 'agent',
  role: 'tool',
  timestamp: '2026-01-01T00:00:00Z',
} as const;

interface Scanner {
  readonly name: string;
  /** @returns how many things it found */
  readonly scan: (text: string) => number | Promise<number>;
}

/** Ours, and what other libraries read the same texts by. */
function scanners(inspector: Inspector): readonly Scanner[] {
  const definitions = new McpSecurityScanner();
  const memory = new ContextPoisoningDetector();
  return [
    {
      name: '`@callgate/inspector`',
      scan: (text) => {
        const { findings, omitted } = inspector.inspect(text, { surface: 'result' });
        return findings.length + omitted;
      },
    },
    { name: '`@secretlint/core`, recommended rules', scan: lint },
    {
      name: '`agent-governance-sdk`, tool definitions',
      scan: (text) => definitions.scan({ name: 'lookup', description: text }).threats.length,
    },
    {
      name: '`agent-governance-sdk`, context entries',
      scan: (content) => memory.scanEntry({ ...ENTRY, content }).length,
    },
  ];
}

async function lint(content: string): Promise<number> {
  const { messages } = await lintSource({
    source: { filePath: 'result.txt', content, ext: '.txt', contentType: 'text' },
    options: { config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: secretlintRules }] } },
  });
  return messages.length;
}

/** Credentials of the forms of their providers, made up; put together here, so that no scanner of this repository stops at them. */
const CREDENTIALS = [
  ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_'),
  ['xoxb', '123456789012', '1234567890123', 'aBcDeFgHiJkLmNoPqRsTuVwX'].join('-'),
  ['sk', 'live', '4eC39HqLyjWDarjtT1zdp7dcT9sWq2Zx'].join('_'),
  ['AKIA', 'Q3EGRIV4XZ7LMN2P'].join(''),
];

const WITH_CREDENTIALS: InspectionInput = {
  name: 'prose with credentials',
  isCrafted: false,
  make: (units) => {
    const prose = INSPECTION_INPUTS[0]?.make(units) ?? '';
    const step = Math.floor(units / (CREDENTIALS.length + 1));
    return CREDENTIALS.map((value, index) => `${prose.slice(index * step, (index + 1) * step)} ${value} `).join('');
  },
};

/** What a tool gives, about 1 KB of it, with nothing in it. */
const CLEAN_RESULT = {
  content: [{ type: 'text', text: INSPECTION_INPUTS[0]?.make(900) ?? '' }],
  structuredContent: { id: 17, name: 'monster', habitat: 'northern ridge', isError: false },
  isError: false,
};
const RESULT_ROUNDS = 101;
const RESULTS_A_ROUND = 200;

/** Texts in which nothing is to be found, so that speed is all that is compared. */
const CLEAN: ReadonlySet<string> = new Set(['prose', 'JSON', 'code', 'Russian', 'Chinese', 'prose with emoji']);

/** Inspecting texts, ordinary and crafted. */
export const inspectBenchmark: Benchmark = {
  name: 'inspect',
  run: async ({ isQuick, progress }) => {
    const inspector = createInspector();
    const all = scanners(inspector);
    const units = isQuick ? QUICK_UNITS : UNITS;
    const rows: Row[] = [];
    for (const { name, isCrafted, make } of [...INSPECTION_INPUTS, WITH_CREDENTIALS]) {
      progress(name);
      // Through JSON, so that the text is stored as those of messages are.
      const text = JSON.parse(JSON.stringify(make(units))) as string;
      const cells: Cell[] = [];
      for (const { scan } of all) cells.push(await measured(() => scan(text), isQuick ? 1 : ROUNDS));
      rows.push({ name, isCrafted, cells });
    }
    progress('a clean result');
    const result = JSON.parse(JSON.stringify(CLEAN_RESULT)) as typeof CLEAN_RESULT;
    const { cpuMs: roundMs } = await measured(() => inspectTimes(inspector, result), isQuick ? 1 : RESULT_ROUNDS);
    const resultMicros = (roundMs * 1_000) / RESULTS_A_ROUND;
    const ordinary = slowestOf(rows.filter(({ name }) => CLEAN.has(name)));
    const crafted = slowestOf(rows.filter(({ isCrafted }) => isCrafted));
    return {
      title: 'Inspecting texts',
      notes: [
        `CPU time to inspect a text of ${whole(units)} UTF-16 code units with the default rules, the median of ${ROUNDS} runs, and how ` +
          'many findings came of it. Beside it, the scanners of other libraries on the same text; they look for less, and for other ' +
          'things: `@secretlint/core` for credentials, `agent-governance-sdk` for instructions. A crafted text may use up what is ' +
          'granted of work: then one finding says so.',
      ],
      tables: [
        {
          caption: '',
          header: ['text', ...all.map(({ name }) => name)],
          rows: rows.map(({ name, isCrafted, cells }) => [
            isCrafted ? `crafted: ${name}` : name,
            ...cells.map(({ cpuMs, found }) => `${millis(cpuMs)}, ${whole(found)} found`),
          ]),
        },
      ],
      targets: [
        {
          promise: 'inspection of a clean result of 1 KB, p50',
          bound: 10,
          direction: 'at-most',
          measured: resultMicros,
          unit: 'µs',
        },
        {
          promise: `inspection of ordinary text, the slowest of ${significant(CLEAN.size)}`,
          bound: 100,
          direction: 'at-least',
          measured: units / 1_000 / ordinary,
          unit: 'million units/s',
        },
        {
          promise: 'inspection of crafted text, the slowest beside the slowest ordinary one',
          bound: 3,
          direction: 'at-most',
          measured: crafted / ordinary,
          unit: '×',
        },
      ],
      figures: {
        'clean-result.us': resultMicros,
        ...Object.fromEntries(
          rows.map(({ name, cells }) => [`${name.replaceAll(' ', '-')}.ms`, cells[0]?.cpuMs ?? Number.NaN]),
        ),
      },
    };
  },
};

interface Cell {
  readonly cpuMs: number;
  readonly found: number;
}

interface Row {
  readonly name: string;
  readonly isCrafted: boolean;
  /** By scanner. */
  readonly cells: readonly Cell[];
}

/** Milliseconds that ours took for the slowest of some texts. */
function slowestOf(rows: readonly Row[]): number {
  return Math.max(...rows.map(({ cells }) => cells[0]?.cpuMs ?? Number.NaN));
}

/** Inspects the clean result many times: one is too short for a clock. */
function inspectTimes(inspector: Inspector, result: typeof CLEAN_RESULT): number {
  let found = 0;
  for (let count = 0; count < RESULTS_A_ROUND; count += 1) {
    found += inspector.inspect(result, { surface: 'result' }).findings.length;
  }
  return found;
}

/** CPU time, so that what else the machine does counts little. */
async function measured(run: () => number | Promise<number>, rounds: number): Promise<Cell> {
  let found = await run();
  for (let round = 1; round < Math.min(WARM_UP, rounds); round += 1) found = await run();
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / 1_000);
  }
  return { cpuMs: median(samples), found };
}
