import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createGate } from 'callgate';

import { micros, significant, whole } from './format.ts';
import type { Wrap } from './links/link.ts';
import { LINKS_V1 } from './links/v1.ts';
import { benchPolicy } from './policy.ts';
import { governedBy } from './round-trips.ts';
import type { Benchmark, BenchmarkContext, Section } from './section.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLING_INTERVAL_MICROS = 100;
const RESULT_BYTES = 1_024;
const SHOWN_FUNCTIONS = 25;

/** CPU time of one function itself, in microseconds a call. */
interface Cost {
  readonly place: string;
  readonly name: string;
  readonly selfMicros: number;
}

/** Where the time of a governed in-memory call goes: a sampling profile, by source file and by function. */
export const profile: Benchmark = {
  name: 'profile',
  run: async (context) => {
    const gate = await createGate({ policy: benchPolicy(100), ledger: 'memory' });
    const plain = await profileCalls((transport) => transport, 'plain', context);
    const governed = await profileCalls(governedBy(gate), 'governed', context);
    await gate.close();
    return describe(plain, governed, callCount(context));
  },
};

async function profileCalls(wrap: Wrap, mode: string, context: BenchmarkContext): Promise<Cost[]> {
  const link = LINKS_V1.find(({ transport }) => transport === 'in-memory');
  if (link === undefined) throw new TypeError('expected an in-memory link');
  const calls = callCount(context);
  context.progress(`${mode}, ${whole(calls)} calls`);
  const client = await link.open(wrap);
  for (let call = 0; call < calls / 4; call += 1) await client.echo(RESULT_BYTES);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROS });
  await session.post('Profiler.start');
  for (let call = 0; call < calls; call += 1) await client.echo(RESULT_BYTES);
  const { profile: recorded } = await session.post('Profiler.stop');
  session.disconnect();
  await client.close();
  const microsById = new Map<number, number>();
  for (const [index, id] of (recorded.samples ?? []).entries()) {
    microsById.set(id, (microsById.get(id) ?? 0) + (recorded.timeDeltas?.[index] ?? 0));
  }
  return recorded.nodes.map(({ id, callFrame: { url, functionName } }) => ({
    place: placeOf(url),
    name: functionName === '' ? '(anonymous)' : functionName,
    selfMicros: (microsById.get(id) ?? 0) / calls,
  }));
}

function callCount({ isQuick }: BenchmarkContext): number {
  return isQuick ? 50 : 40_000;
}

/** A path in the repository, a package of somebody else, or the runtime. */
function placeOf(url: string): string {
  if (!url.startsWith('file:')) return url === '' ? 'runtime' : 'node';
  const path = relative(ROOT, fileURLToPath(url));
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/u.exec(path) ?? [];
  return dependency ?? path;
}

function describe(plain: readonly Cost[], governed: readonly Cost[], calls: number): Section {
  const places = sumBy(governed, ({ place }) => place);
  const plainPlaces = sumBy(plain, ({ place }) => place);
  const functions = sumBy(governed, ({ place, name }) => `${name} | ${place}`);
  const total = totalOf(governed);
  const share = (value: number): string => `${significant((value / total) * 100)} %`;
  return {
    title: 'Where the time of a governed call goes',
    notes: [
      `A sampling profile (every ${SAMPLING_INTERVAL_MICROS} µs) of ${whole(calls)} calls with 1 KiB results through SDK v1 in memory, governed and plain: ` +
        `${micros(total)} a call governed, ${micros(totalOf(plain))} plain, both with the profiler’s own cost. Time is a function’s own, without what it calls; ` +
        '*runtime* is V8 itself (built-ins, garbage collection), *node* its libraries.',
    ],
    tables: [
      {
        caption: 'By file or package:',
        header: ['where', 'governed, a call', 'share', 'plain, a call'],
        rows: places
          .slice(0, SHOWN_FUNCTIONS)
          .map(([place, value]) => [
            `\`${place}\``,
            micros(value),
            share(value),
            micros(plainPlaces.find(([other]) => other === place)?.[1] ?? 0),
          ]),
      },
      {
        caption: 'By function, governed:',
        header: ['function', 'where', 'a call', 'share'],
        rows: functions.slice(0, SHOWN_FUNCTIONS).map(([key, value]) => {
          const [name = '', place = ''] = key.split(' | ');
          return [`\`${name}\``, `\`${place}\``, micros(value), share(value)];
        }),
      },
    ],
    targets: [],
    figures: Object.fromEntries(places.slice(0, SHOWN_FUNCTIONS).map(([place, value]) => [`${place}.self.us`, value])),
  };
}

function sumBy(costs: readonly Cost[], key: (cost: Cost) => string): [string, number][] {
  const sums = new Map<string, number>();
  for (const cost of costs) sums.set(key(cost), (sums.get(key(cost)) ?? 0) + cost.selfMicros);
  return [...sums].toSorted(([, left], [, right]) => right - left);
}

function totalOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { selfMicros }) => sum + selfMicros, 0);
}
