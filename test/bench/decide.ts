import { Bench } from 'tinybench';

import { createCallgateEngine } from './engines/callgate-engine.ts';
import { createCedarEngine } from './engines/cedar-engine.ts';
import type { Ask, Engine, EngineFactory, ToolCall } from './engines/engine.ts';
import { createGovernanceSdkEngine } from './engines/governance-sdk-engine.ts';
import { micros, whole } from './format.ts';
import { toolName } from './policy.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';

const TOOL_COUNTS = [1, 10, 100, 1_000] as const;
const FACTORIES: readonly EngineFactory[] = [createCallgateEngine, createGovernanceSdkEngine, createCedarEngine];
const CALLS_IN_ROTATION = 64;

interface Cell {
  readonly engine: string;
  readonly tools: number;
  readonly answer: 'allow' | 'deny';
  readonly p50: number;
  readonly p99: number;
  readonly decisions: number;
}

/** Deciding one call against 1 to 1,000 argument-aware tools, beside two other engines. */
export const decideBenchmark: Benchmark = {
  name: 'decide',
  run: async (context) => {
    const cells: Cell[] = [];
    for (const tools of TOOL_COUNTS) {
      const engines = FACTORIES.map((create) => create(tools));
      assertAgreement(engines, tools);
      for (const engine of engines) {
        for (const answer of ['allow', 'deny'] as const) cells.push(await measure(engine, tools, answer, context));
      }
    }
    return describe(cells);
  },
};

/** Calls whose answer every engine must agree on, and what it is. */
export function probes(tools: number): { readonly call: ToolCall; readonly isAllowed: boolean }[] {
  const last = toolName(tools - 1);
  const probe = (tool: string, parameters: ToolCall['arguments'], isAllowed: boolean) => ({
    call: { tool, arguments: parameters },
    isAllowed,
  });
  return [
    probe(toolName(0), { region: 'us-east', limit: 1 }, true),
    probe(last, { region: 'us-west', limit: 25 }, true),
    probe(last, { region: 'us-east', limit: 12 }, true),
    probe(last, { region: '*', limit: 12 }, false),
    probe(last, { region: 'eu-west', limit: 12 }, false),
    probe(last, { region: 'us-east', limit: 0 }, false),
    probe(last, { region: 'us-east', limit: 26 }, false),
    probe(last, { limit: 12 }, false),
    probe(last, { region: 'us-east' }, false),
    probe(last, {}, false),
    probe(toolName(tools), { region: 'us-east', limit: 12 }, false),
    probe('', { region: 'us-east', limit: 12 }, false),
  ];
}

/** @throws {Error} when an engine's rules are not equivalent to the others' on the probes */
export function assertAgreement(engines: readonly Engine[], tools: number): void {
  for (const engine of engines) {
    for (const { call, isAllowed } of probes(tools)) {
      if (engine.prepare(call)() === isAllowed) continue;
      throw new Error(`expected ${engine.name} to ${isAllowed ? 'allow' : 'deny'} ${JSON.stringify(call)}`);
    }
  }
}

async function measure(
  engine: Engine,
  tools: number,
  answer: 'allow' | 'deny',
  { isQuick, progress }: BenchmarkContext,
): Promise<Cell> {
  progress(`${engine.name}, ${tools} tools, ${answer}`);
  const asks = rotation(tools, answer).map((call) => engine.prepare(call));
  const batch = isQuick ? 1 : batchSize(asks, engine.name === 'callgate');
  let next = 0;
  const bench = new Bench({
    time: isQuick ? 1 : 1_500,
    warmupTime: isQuick ? 1 : 300,
    iterations: 3,
    warmupIterations: 1,
  });
  bench.add('decide', () => {
    for (let index = 0; index < batch; index += 1) {
      next = (next + 1) % asks.length;
      asks[next]?.();
    }
  });
  await bench.run();
  const [task] = bench.tasks;
  if (task === undefined || task.result.state !== 'completed')
    throw new Error(`expected ${engine.name} to be measured`);
  const { latency } = task.result;
  const toMicros = (milliseconds: number): number => (milliseconds * 1_000) / batch;
  return {
    engine: engine.name,
    tools,
    answer,
    p50: toMicros(latency.p50),
    p99: toMicros(latency.p99),
    decisions: latency.samplesCount * batch,
  };
}

/** Calls that spread over the tools, so that no one entry stays the hottest. */
function rotation(tools: number, answer: 'allow' | 'deny'): ToolCall[] {
  return Array.from({ length: CALLS_IN_ROTATION }, (_, index) => ({
    tool: toolName((index * 7_919) % tools),
    arguments: {
      region: answer === 'allow' ? (index % 2 === 0 ? 'us-east' : 'us-west') : '*',
      limit: (index % 25) + 1,
    },
  }));
}

/** As many decisions as make a sample long against the clock's resolution. */
function batchSize(asks: readonly Ask[], isFast: boolean): number {
  return isFast ? asks.length : 1;
}

function describe(cells: readonly Cell[]): Section {
  const p50Of = (tools: number): number =>
    cells.find((cell) => cell.engine === 'callgate' && cell.tools === tools && cell.answer === 'allow')?.p50 ??
    Number.NaN;
  return {
    title: 'Deciding, side by side',
    notes: [
      'The same rules in three engines: each tool allows `region` from two values and `limit` from 1 to 25, and everything else is ' +
        'denied. Before timing, the engines are asked a set of probe calls and must agree on every answer. (They differ elsewhere: ' +
        'the string `"12"` satisfies a bound in the governance SDK, and undeclared arguments pass in both others.) Calls rotate ' +
        'over the tools. Only evaluation is timed; each engine has its call prepared. callgate’s figures are per decision over ' +
        `batches of ${CALLS_IN_ROTATION}, because one is shorter than the clock can tell, so its p99 is that of batches.`,
    ],
    tables: [
      {
        caption: '',
        header: ['engine', 'tools', 'allow p50', 'allow p99', 'deny p50', 'deny p99', 'decisions'],
        rows: pairs(cells).map(([allow, deny]) => [
          allow.engine,
          whole(allow.tools),
          micros(allow.p50),
          micros(allow.p99),
          micros(deny.p50),
          micros(deny.p99),
          whole(allow.decisions + deny.decisions),
        ]),
      },
    ],
    targets: [
      {
        promise: 'decide, 100 argument-aware tools, p50',
        bound: 1,
        direction: 'at-most',
        measured: p50Of(100),
        unit: 'µs',
      },
      {
        promise: 'decide, 1,000 argument-aware tools, p50',
        bound: 2,
        direction: 'at-most',
        measured: p50Of(1_000),
        unit: 'µs',
      },
    ],
    figures: Object.fromEntries(
      cells.flatMap(({ engine, tools, answer, p50, p99 }): [string, number][] => [
        [`${engine}.${tools}.${answer}.p50.us`, p50],
        [`${engine}.${tools}.${answer}.p99.us`, p99],
      ]),
    ),
  };
}

function pairs(cells: readonly Cell[]): [Cell, Cell][] {
  return cells
    .filter(({ answer }) => answer === 'allow')
    .flatMap((allow): [Cell, Cell][] => {
      const deny = cells.find(
        (cell) => cell.engine === allow.engine && cell.tools === allow.tools && cell.answer === 'deny',
      );
      return deny === undefined ? [] : [[allow, deny]];
    });
}
