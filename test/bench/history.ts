import { createHistory, type History } from '@callgate/breaker';
import {
  compilePolicy,
  decide,
  type Call,
  type CompiledPolicy,
  type Control,
  type ControlledCall,
  type PolicyDocument,
} from '@callgate/policy';

import { bytes, micros, significant, whole } from './format.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';
import { median, spreadOf, type Spread } from './statistics.ts';

const CONTROLS = 20;
const BATCH = 64;
const TOOLS = 8;
const MANY_KEYS = 1_000_000;
const EVICTION_KEYS = [10_000, 100_000, 1_000_000] as const;
const HOUR = 3_600_000;
/** Never reached. */
const MAX = 1_000_000_000;

type MeterDocument = NonNullable<PolicyDocument['meters']>[number];
type BreakerDocument = NonNullable<PolicyDocument['breakers']>[number];

/** Nine meters and three rates. */
const METERS: readonly MeterDocument[] = [
  { id: 'calls', count: 'calls', per: ['run'], within: '1h', max: MAX },
  { id: 'calls-by-tool', count: 'calls', per: ['run', 'tool'], max: MAX },
  { id: 'failures', count: 'failures', per: ['run'], within: '1h', max: MAX },
  { id: 'denials', count: 'denials', per: ['run'], within: '1h', max: MAX },
  { id: 'breadth', count: 'distinct tool', per: ['run'], within: '1h', max: MAX },
  { id: 'ids', count: 'distinct arguments.id', per: ['run'], within: '1h', max: MAX },
  { id: 'cost', sum: 'cost', per: ['principal.tenant'], within: '1d', max: MAX },
  { id: 'bytes', sum: 'bytes', per: ['run'], max: MAX },
  { id: 'at-once', count: 'open', per: ['server'], max: MAX },
  ...['principal.user', 'principal.tenant', 'server'].map((by) => ({
    id: `rate-${by.replace('principal.', '')}`,
    rate: '1000000/1m',
    burst: 100,
    per: [by],
  })),
];

/** Eight. */
const BREAKERS: readonly BreakerDocument[] = [
  { id: 'retry-spiral', on: 'identical failure', per: ['run', 'tool', 'arguments'], after: 3, open: '30s' },
  { id: 'stubborn', on: 'denial', per: ['run', 'tool', 'arguments'], after: 3, open: '30s' },
  { id: 'failing', on: 'consecutive failure', per: ['server', 'tool'], after: 5, open: '30s' },
  { id: 'tool-down', on: 'failure', per: ['server', 'tool'], rate: '50%', of: 20, open: '30s' },
  { id: 'server-down', on: 'failure', per: ['server'], rate: '50%', of: 100, within: '1h', open: '30s' },
  { id: 'slow', on: 'latency', per: ['server'], percentile: '95%', over: '2s', of: 20, open: '30s' },
  { id: 'loop', on: 'cycle', per: ['run'], length: 4, after: 5, open: '30s' },
  { id: 'stuck', on: 'same result', per: ['run', 'tool'], after: 5, open: '30s' },
];

/** Eight tools, and controls as a policy has them: by run, user, tenant, server, tool and arguments. */
function policyWith(controls: {
  readonly meters?: typeof METERS;
  readonly breakers?: typeof BREAKERS;
}): CompiledPolicy {
  const tool = {
    ring: 1 as const,
    cost: 0.02,
    arguments: {
      id: { type: 'string' as const, maxLength: 16 },
      region: { enum: ['us-east', 'us-west'] },
      limit: { type: 'integer' as const, minimum: 0, maximum: 25 },
    },
  };
  const tools = Object.fromEntries(Array.from({ length: TOOLS }, (_, index) => [`tool.${index}`, tool]));
  return compilePolicy({
    callgate: 1,
    name: 'bench',
    version: '1',
    servers: { crm: { trust: 'internal', tools } },
    ...controls,
  });
}

function callOf(index: number): Call {
  return {
    server: 'crm',
    direction: 'client-to-server',
    method: 'tools/call',
    params: {
      name: `tool.${index % TOOLS}`,
      arguments: { id: `c-${index % 25}`, region: 'us-east', limit: index % 25 },
    },
    principal: { user: `u-${index % 5}`, tenant: 'acme' },
    run: `run-${index % 16}`,
  };
}

/** What a decision asks its history about one call. */
function askedAbout(policy: CompiledPolicy): { readonly controls: readonly Control[]; readonly call: ControlledCall } {
  const controls: Control[] = [];
  let asked: ControlledCall | undefined;
  decide(policy, callOf(0), {
    now: 0,
    history: {
      judge(control, call) {
        controls.push(control);
        asked = call;
        return { effect: 'allow' };
      },
    },
  });
  if (asked === undefined || controls.length !== CONTROLS)
    throw new Error(`expected ${CONTROLS} controls, got ${controls.length}`);
  return { controls, call: asked };
}

interface Timing {
  readonly step: string;
  readonly spread: Spread;
  /** The median, over rounds, of what it takes more than the decision without controls did. */
  readonly added: number;
}

/** What history adds to a decision, what its keys take, and whether eviction depends on how many there are. */
export const historyBenchmark: Benchmark = {
  name: 'history',
  run: (context) => {
    const policy = policyWith({ meters: METERS, breakers: BREAKERS });
    const timings = timeDecisions(policy, context);
    const { controls, call } = askedAbout(policy);
    const keys = context.isQuick ? 100 : MANY_KEYS;
    const memory = MEMORY_CONTROLS.flatMap((id) => controls.filter((control) => control.id === id)).map((control) => ({
      control: control.id,
      perKey: bytesPerKey(control, call, keys, context),
    }));
    const evictions = EVICTION_KEYS.map((size) =>
      evictionMicros(controls, call, context.isQuick ? size / 1_000 : size, context),
    );
    return Promise.resolve(describe(timings, keys, memory, evictions));
  },
};

/** Decisions without controls, with them, and whole attempts, in turns: a machine that slows down slows all of them. */
function timeDecisions(policy: CompiledPolicy, { isQuick, progress }: BenchmarkContext): readonly Timing[] {
  progress('decisions');
  const sides = [
    { step: 'decide without controls', run: rounds(policyWith({}), false) },
    { step: `decide with ${CONTROLS} controls`, run: rounds(policy, false) },
    { step: 'decide, reserve and settle', run: rounds(policy, true) },
  ];
  const times = sides.map((): number[] => []);
  const added = sides.map((): number[] => []);
  const count = isQuick ? 3 : 4_000;
  for (let round = -count / 4; round < count; round += 1) {
    const micro = sides.map(({ run }) => run());
    if (round < 0) continue;
    for (const [side, time] of micro.entries()) {
      times[side]?.push(time);
      added[side]?.push(time - (micro[0] ?? Number.NaN));
    }
  }
  return sides.map(({ step }, side) => ({
    step,
    spread: spreadOf(times[side] ?? []),
    added: median(added[side] ?? []),
  }));
}

/** Decides a batch of calls each time it is called, on one history, and says how many microseconds one took. */
function rounds(policy: CompiledPolicy, isWhole: boolean): () => number {
  const history = createHistory();
  const calls = Array.from({ length: 1_000 }, (_, index) => callOf(index));
  let now = 1_700_000_000_000;
  let next = 0;
  return () => {
    const started = performance.now();
    for (let index = 0; index < BATCH; index += 1) {
      next = (next + 1) % calls.length;
      now += 25;
      const attempt = history.attempt('bench', now);
      const call = calls[next];
      if (call === undefined || decide(policy, call, { now, history: attempt }).effect !== 'allow')
        throw new Error('expected the call to be allowed');
      if (!isWhole) continue;
      attempt.reserve();
      attempt.settle({ outcome: 'ok', durationMs: 12, bytes: 900 + (next % 7) }, now);
    }
    return ((performance.now() - started) * 1_000) / BATCH;
  };
}

/** One of each sort of cell. */
const MEMORY_CONTROLS = ['calls', 'bytes', 'ids', 'rate-user', 'retry-spiral'] as const;

/** Heap after collection by the keys of one control, one call each. */
function bytesPerKey(control: Control, call: ControlledCall, keys: number, { progress }: BenchmarkContext): number {
  progress(`memory of ${control.id}`);
  const history = createHistory({ limits: { maxKeys: keys } });
  const before = settledHeap();
  for (let index = 0; index < keys; index += 1) charge(history, control, call, index, 1_700_000_000_000);
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

function charge(history: History, control: Control, like: ControlledCall, index: number, now: number): void {
  const name = `k-${index}`;
  const call = { ...like, principal: { user: name, tenant: name }, runs: [name] };
  const attempt = history.attempt('bench', now);
  const verdict = attempt.judge(control, call);
  if (verdict.effect === 'error') throw new Error(verdict.message);
  attempt.reserve();
  attempt.settle({ outcome: 'error', durationMs: 12, bytes: 900 }, now);
}

/** The median time of a call with a new key, when the store is full and each evicts one. */
function evictionMicros(
  [control]: readonly Control[],
  call: ControlledCall,
  keys: number,
  { isQuick, progress }: BenchmarkContext,
): { readonly keys: number; readonly p50: number } {
  progress(`eviction at ${whole(keys)} keys`);
  if (control === undefined) throw new Error('expected a control');
  // The window of the first key ends when the store is full.
  const stepMs = HOUR / keys;
  const history = createHistory({ limits: { maxKeys: keys } });
  for (let index = 0; index < keys; index += 1) charge(history, control, call, index, index * stepMs);
  const times: number[] = [];
  let next = keys;
  for (let round = 0; round < (isQuick ? 3 : 200); round += 1) {
    const started = performance.now();
    for (let index = 0; index < BATCH; index += 1) {
      charge(history, control, call, next, (next + 1) * stepMs);
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
  const [, judged] = timings.map(({ added }) => added);
  const flat = (evictions.at(-1)?.p50 ?? Number.NaN) / (evictions[0]?.p50 ?? Number.NaN);
  const measured = memory.some(({ perKey }) => perKey > 0);
  return {
    title: 'History',
    notes: [
      `One policy without and with ${CONTROLS} controls that all concern the call: nine meters, three rates and eight breakers, by run, ` +
        `user, tenant, server, tool and arguments, over 16 runs, ${TOOLS} tools and 25 arguments. Nothing fails and no breaker is open. ` +
        `Each side in turn, per call over batches of ${BATCH}; what is added is the median of the differences within rounds. A whole ` +
        'attempt is decided, reserved and settled.',
      `Memory is the heap after a forced collection, by ${whole(keys)} keys of one control with one call each${measured ? '' : ' (not measured)'}. ` +
        'Eviction is a whole call with a new key (judge, reserve, settle) on a full store in which every call drops one that has expired; ' +
        'what grows is that the processor’s caches hold less of a larger map.',
    ],
    tables: [
      {
        caption: 'What 20 controls add',
        header: ['step', 'p50', 'p99', 'added, p50'],
        rows: timings.map(({ step, spread: { p50, p99 }, added }, index) => [
          step,
          micros(p50),
          micros(p99),
          index === 0 ? '' : micros(added),
        ]),
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
        promise: `what ${CONTROLS} controls add to a decision, p50`,
        bound: 5,
        direction: 'at-most',
        measured: judged ?? Number.NaN,
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
        timings.flatMap(({ step, spread: { p50, p99 }, added }) => [
          [`${step}.p50.us`, p50],
          [`${step}.p99.us`, p99],
          [`${step}.added.us`, added],
        ]),
      ),
      ...Object.fromEntries(memory.map(({ control, perKey }) => [`memory.${control}.bytes`, perKey])),
      ...Object.fromEntries(evictions.map((row) => [`eviction.${row.keys}.us`, row.p50])),
    },
  };
}
