import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { createGate } from 'callgate';

import { micros, significant, whole } from './format.ts';
import type { Link, Wrap } from './links/link.ts';
import { LINKS_V1 } from './links/v1.ts';
import { LINKS_V2 } from './links/v2.ts';
import { benchPolicy } from './policy.ts';
import { governedBy } from './round-trips.ts';
import type { Benchmark, BenchmarkContext, Section, Table } from './section.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SAMPLING_INTERVAL_MICROS = 100;
const RESULT_BYTES = 1_024;
const SHOWN = 25;
const PROFILED = [...LINKS_V1, ...LINKS_V2].filter(({ name }) =>
  ['v1, in-memory', 'v2 (2026), in-memory'].includes(name),
);

/** CPU time of one function itself, in microseconds a call. */
interface Cost {
  readonly place: string;
  readonly name: string;
  readonly selfMicros: number;
}

interface LinkProfile {
  readonly link: Link;
  readonly plain: readonly Cost[];
  readonly governed: readonly Cost[];
}

/** Where the time of a governed in-memory call goes: a sampling profile, by source file and by function. */
export const profile: Benchmark = {
  name: 'profile',
  run: async (context) => {
    const gate = await createGate({ policy: benchPolicy(100), ledger: 'memory' });
    const profiles: LinkProfile[] = [];
    for (const link of PROFILED) {
      profiles.push({
        link,
        plain: await profileCalls(link, (transport) => transport, context),
        governed: await profileCalls(link, governedBy(gate), context),
      });
    }
    await gate.close();
    return describe(profiles, callCount(context));
  },
};

async function profileCalls(link: Link, wrap: Wrap, context: BenchmarkContext): Promise<Cost[]> {
  const calls = callCount(context);
  context.progress(`${link.name}, ${whole(calls)} calls`);
  const client = await link.open(wrap);
  for (let call = 0; call < calls / 4; call += 1) await client.echo(RESULT_BYTES);
  const recorded = await recordProfile(async () => {
    for (let call = 0; call < calls; call += 1) await client.echo(RESULT_BYTES);
  });
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

async function recordProfile(body: () => Promise<void>): Promise<Profiler.Profile> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_MICROS });
  await session.post('Profiler.start');
  await body();
  const { profile: recorded } = await session.post('Profiler.stop');
  session.disconnect();
  return recorded;
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

function describe(profiles: readonly LinkProfile[], calls: number): Section {
  return {
    title: 'Where the time of a governed call goes',
    notes: [
      `A sampling profile (every ${SAMPLING_INTERVAL_MICROS} µs) of ${whole(calls)} calls with 1 KiB results, plain and then governed, with the ` +
        'profiler’s own cost in both. Time is a function’s own, without what it calls; *runtime* is V8 itself (built-ins, ' +
        'hashing, garbage collection), *node* its libraries.',
    ],
    tables: profiles.flatMap((one) => [placeTable(one), functionTable(one)]),
    targets: [],
    figures: Object.fromEntries(
      profiles.flatMap(({ link, governed }) =>
        placesOf(governed).map(([place, value]): [string, number] => [`${link.name}.${place}.self.us`, value]),
      ),
    ),
  };
}

function placeTable({ link, plain, governed }: LinkProfile): Table {
  const plainPlaces = new Map(sumBy(plain, ({ place }) => place));
  return {
    caption: `${link.name}: ${micros(totalOf(governed))} a call governed, ${micros(totalOf(plain))} plain; by file or package.`,
    header: ['where', 'governed, a call', 'share', 'plain, a call'],
    rows: placesOf(governed).map(([place, value]) => [
      `\`${place}\``,
      micros(value),
      share(value, governed),
      micros(plainPlaces.get(place) ?? 0),
    ]),
  };
}

function functionTable({ link, governed }: LinkProfile): Table {
  const functions = sumBy(governed, ({ place, name }) => `${name} | ${place}`).slice(0, SHOWN);
  return {
    caption: `${link.name}, governed, by function.`,
    header: ['function', 'where', 'a call', 'share'],
    rows: functions.map(([key, value]) => {
      const [name = '', place = ''] = key.split(' | ');
      return [`\`${name}\``, `\`${place}\``, micros(value), share(value, governed)];
    }),
  };
}

function placesOf(costs: readonly Cost[]): [string, number][] {
  return sumBy(costs, ({ place }) => place).slice(0, SHOWN);
}

function share(value: number, costs: readonly Cost[]): string {
  return `${significant((value / totalOf(costs)) * 100)} %`;
}

function sumBy(costs: readonly Cost[], key: (cost: Cost) => string): [string, number][] {
  const sums = new Map<string, number>();
  for (const cost of costs) sums.set(key(cost), (sums.get(key(cost)) ?? 0) + cost.selfMicros);
  return [...sums].toSorted(([, left], [, right]) => right - left);
}

function totalOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { selfMicros }) => sum + selfMicros, 0);
}
