import { createHistory, type History } from '@callgate/breaker';
import type { Control, ControlledCall, KeyPart } from '@callgate/policy';
import { Bench } from 'tinybench';

import { bytes, micros, significant, whole } from './format.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';
import { median } from './statistics.ts';

const CONTROLS = 20;
const BATCH = 64;
const MANY_KEYS = 1_000_000;
const EVICTION_KEYS = [10_000, 100_000, 1_000_000] as const;

const NONE = {
  stage: 'enforce',
  then: 'deny',
  approvers: undefined,
  message: undefined,
  references: [{ id: 'bench', pointer: '' }],
} as unknown as Omit<Extract<Control, { readonly kind: 'rate' }>, 'kind' | 'id' | 'per' | 'max' | 'withinMs' | 'burst'>;
const METER = {
  ...NONE,
  kind: 'meter',
  soft: undefined,
  reserve: 0,
  overload: { kind: 'fail' },
  degrade: undefined,
} as const;
const HOUR = 3_600_000;

/** Twenty controls as a policy has them: nine meters, three rates, eight breakers, by run, user, tenant, server, tool and arguments. */
export function mixedControls(): readonly Control[] {
  const run: KeyPart = { by: 'run' };
  const tool: KeyPart = { by: 'tool' };
  const server: KeyPart = { by: 'server' };
  const same: KeyPart = { by: 'arguments', volatile: [] };
  const max = 1_000_000_000;
  const meters: Control[] = [
    { ...METER, id: 'calls', measure: { of: 'calls' }, per: [run], withinMs: HOUR, max },
    { ...METER, id: 'calls-by-tool', measure: { of: 'calls' }, per: [run, tool], withinMs: undefined, max },
    { ...METER, id: 'failures', measure: { of: 'failures' }, per: [run], withinMs: HOUR, max },
    { ...METER, id: 'denials', measure: { of: 'denials' }, per: [run], withinMs: HOUR, max },
    { ...METER, id: 'breadth', measure: { of: 'distinct', value: tool }, per: [run], withinMs: HOUR, max },
    {
      ...METER,
      id: 'ids',
      measure: { of: 'distinct', value: { by: 'argument', pointer: '/id' } },
      per: [run],
      withinMs: HOUR,
      max,
    },
    { ...METER, id: 'cost', measure: { of: 'cost' }, per: [{ by: 'tenant' }], withinMs: 24 * HOUR, max },
    { ...METER, id: 'bytes', measure: { of: 'bytes' }, per: [run], withinMs: undefined, max },
    { ...METER, id: 'at-once', measure: { of: 'open' }, per: [server], withinMs: undefined, max },
  ];
  const rates = ['user', 'tenant', 'server'].map((by): Control => ({
    ...NONE,
    kind: 'rate',
    id: `rate-${by}`,
    per: [{ by } as KeyPart],
    max,
    withinMs: 60_000,
    burst: 100,
  }));
  const breakers = (
    [
      [{ on: 'identical failure', after: 3 }, [run, tool, same]],
      [{ on: 'denial', after: 3 }, [run, tool, same]],
      [{ on: 'consecutive failure', after: 5 }, [server, tool]],
      [{ on: 'failure', rate: 0.5, of: 20, withinMs: undefined }, [server, tool]],
      [{ on: 'failure', rate: 0.5, of: 100, withinMs: HOUR }, [server]],
      [{ on: 'latency', percentile: 0.95, overMs: 2000, of: 20 }, [server]],
      [{ on: 'cycle', length: 4, after: 1_000_000 }, [run]],
      [{ on: 'same result', after: 5 }, [run, tool]],
    ] as const
  ).map(([trip, per], index): Control => ({
    ...NONE,
    kind: 'breaker',
    id: `breaker-${index}`,
    trip,
    per,
    openMs: 30_000,
    halfOpen: 1,
  }));
  return [...meters, ...rates, ...breakers];
}

function callOf(index: number): ControlledCall {
  return {
    server: 'crm',
    trust: 'internal',
    method: 'tools/call',
    tool: `tool.${index % 8}`,
    args: { id: `c-${index % 25}`, region: 'us-east', limit: index % 25 },
    principal: { user: `u-${index % 5}`, tenant: 'acme' },
    runs: [`run-${index % 16}`],
    now: undefined,
    ring: 1,
    effect: 'read',
    cost: { perCall: 0.02, perKiB: 0, at: undefined },
  };
}

interface Timing {
  readonly step: string;
  readonly p50: number;
  readonly p99: number;
}

/** What history adds to a decision, what its keys take, and whether eviction depends on how many there are. */
export const historyBenchmark: Benchmark = {
  name: 'history',
  run: async (context) => {
    const timings = [
      await time('judge', context, () => undefined),
      await time('judge, reserve and settle', context, (attempt, now, index) => {
        attempt.reserve();
        attempt.settle({ outcome: 'ok', durationMs: 12, bytes: 900 + (index % 7) }, now);
      }),
    ];
    const keys = context.isQuick ? 100 : MANY_KEYS;
    const memory = memoryControls().map((control) => ({
      control: control.id,
      perKey: bytesPerKey(control, keys, context),
    }));
    const evictions = EVICTION_KEYS.map((size) => evictionMicros(context.isQuick ? size / 1_000 : size, context));
    return describe(timings, keys, memory, evictions);
  },
};

type Attempt = ReturnType<History['attempt']>;

async function time(
  step: string,
  { isQuick, progress }: BenchmarkContext,
  finish: (attempt: Attempt, now: number, index: number) => void,
): Promise<Timing> {
  progress(step);
  const history = createHistory();
  const controls = mixedControls();
  if (controls.length !== CONTROLS) throw new Error(`expected ${CONTROLS} controls, got ${controls.length}`);
  const calls = Array.from({ length: 1_000 }, (_, index) => callOf(index));
  let now = 1_700_000_000_000;
  let next = 0;
  const bench = new Bench({
    time: isQuick ? 1 : 2_000,
    warmupTime: isQuick ? 1 : 500,
    iterations: 3,
    warmupIterations: 1,
  });
  bench.add(step, () => {
    for (let index = 0; index < BATCH; index += 1) {
      next = (next + 1) % calls.length;
      now += 25;
      const attempt = history.attempt('bench', now);
      const call = calls[next];
      if (call === undefined) continue;
      for (const control of controls) attempt.judge(control, call);
      finish(attempt, now, next);
    }
  });
  await bench.run();
  const [task] = bench.tasks;
  if (task === undefined || task.result.state !== 'completed') throw new Error(`expected ${step} to be measured`);
  const { p50, p99 } = task.result.latency;
  return { step, p50: (p50 * 1_000) / BATCH, p99: (p99 * 1_000) / BATCH };
}

/** One of each sort of cell. */
function memoryControls(): readonly Control[] {
  const all = mixedControls();
  return ['calls', 'bytes', 'ids', 'rate-user', 'breaker-0'].flatMap((id) =>
    all.filter((control) => control.id === id),
  );
}

/** Heap after collection by the keys of one control, one call each. */
function bytesPerKey(control: Control, keys: number, { progress }: BenchmarkContext): number {
  progress(`memory of ${control.id}`);
  const history = createHistory({ limits: { maxKeys: keys } });
  const before = settledHeap();
  for (let index = 0; index < keys; index += 1) charge(history, control, index, 1_700_000_000_000);
  const used = settledHeap() - before;
  // Read afterwards, so that it is alive until here.
  if (history.inspect(1_700_000_000_000)[0]?.keys !== keys) throw new Error('expected every key to be kept');
  return used / keys;
}

function settledHeap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function charge(history: History, control: Control, index: number, now: number): void {
  const name = `k-${index}`;
  const call = { ...callOf(0), principal: { user: name, tenant: name }, runs: [name] };
  const attempt = history.attempt('bench', now);
  const verdict = attempt.judge(control, call);
  if (verdict.effect === 'error') throw new Error(verdict.message);
  attempt.reserve();
  attempt.settle({ outcome: 'error', durationMs: 12, bytes: 900 }, now);
}

/** The median time of a call with a new key, when the store is full and each evicts one. */
function evictionMicros(
  keys: number,
  { isQuick, progress }: BenchmarkContext,
): { readonly keys: number; readonly p50: number } {
  progress(`eviction at ${whole(keys)} keys`);
  const [control] = mixedControls();
  if (control === undefined) throw new Error('expected a control');
  // The window of the first key ends when the store is full.
  const stepMs = HOUR / keys;
  const history = createHistory({ limits: { maxKeys: keys } });
  for (let index = 0; index < keys; index += 1) charge(history, control, index, index * stepMs);
  const times: number[] = [];
  let next = keys;
  for (let round = 0; round < (isQuick ? 3 : 200); round += 1) {
    const started = performance.now();
    for (let index = 0; index < BATCH; index += 1) {
      charge(history, control, next, (next + 1) * stepMs);
      next += 1;
    }
    times.push(((performance.now() - started) * 1_000) / BATCH);
  }
  return { keys, p50: median(times) };
}

function describe(
  timings: readonly Timing[],
  keys: number,
  memory: readonly { readonly control: string; readonly perKey: number }[],
  evictions: readonly { readonly keys: number; readonly p50: number }[],
): Section {
  const all = timings.at(-1)?.p50 ?? Number.NaN;
  const flat = (evictions.at(-1)?.p50 ?? Number.NaN) / (evictions[0]?.p50 ?? Number.NaN);
  const measured = memory.some(({ perKey }) => perKey > 0);
  return {
    title: 'History',
    notes: [
      `${CONTROLS} controls that all concern the call: nine meters, three rates and eight breakers, by run, user, tenant, server, tool and ` +
        `arguments, over 16 runs, 8 tools and 25 arguments. Without controls the same loop does nothing, so the figures are what they ` +
        `add. Per decision, over batches of ${BATCH}.`,
      `Memory is the heap after a forced collection, by ${whole(keys)} keys of one control with one call each${measured ? '' : ' (not measured)'}. ` +
        'Eviction is a whole call with a new key (judge, reserve, settle) on a full store in which every call drops one that has expired; ' +
        'what grows is that the processor’s caches hold less of a larger map.',
    ],
    tables: [
      {
        caption: 'What 20 controls add',
        header: ['step', 'p50', 'p99'],
        rows: timings.map(({ step, p50, p99 }) => [step, micros(p50), micros(p99)]),
      },
      {
        caption: 'Memory of a key',
        header: ['control', 'a key', 'a million keys'],
        rows: memory.map(({ control, perKey }) => [control, bytes(perKey), bytes(perKey * 1_000_000)]),
      },
      {
        caption: 'A call that evicts',
        header: ['keys', 'p50'],
        rows: evictions.map((row) => [whole(row.keys), micros(row.p50)]),
      },
    ],
    targets: [
      {
        promise: `${CONTROLS} controls, judged, reserved and settled, p50`,
        bound: 5,
        direction: 'at-most',
        measured: all,
        unit: 'µs',
      },
      {
        promise: 'eviction at 1,000,000 keys beside 10,000',
        bound: 3,
        direction: 'at-most',
        measured: Number(significant(flat)),
        unit: 'times',
      },
    ],
    figures: {
      ...Object.fromEntries(
        timings.flatMap(({ step, p50, p99 }) => [
          [`${step}.p50.us`, p50],
          [`${step}.p99.us`, p99],
        ]),
      ),
      ...Object.fromEntries(memory.map(({ control, perKey }) => [`memory.${control}.bytes`, perKey])),
      ...Object.fromEntries(evictions.map((row) => [`eviction.${row.keys}.us`, row.p50])),
    },
  };
}
