import { createGate, type Gate, type TransportLike } from 'callgate';

import { bytes as sizeWords, micros, times, whole } from './format.ts';
import { interleave, type InterleaveOptions, type PairedTiming } from './interleave.ts';
import type { EchoClient, Link, Wrap } from './links/link.ts';
import { LINKS_V1 } from './links/v1.ts';
import { LINKS_V2 } from './links/v2.ts';
import { SERVER, benchPolicy } from './policy.ts';
import type { Benchmark, BenchmarkContext, Section, Target } from './section.ts';

/** Characters of text in a result. */
export const RESULT_SIZES = [16, 1_024, 102_400] as const;
/** Tools in the policy beside `echo`. */
export const TOOLS_IN_POLICY = 100;

interface Cell {
  readonly link: Link;
  readonly size: number;
  readonly timing: PairedTiming;
}

/** Round trips, governed against ungoverned: both SDK majors, three transports, three result sizes. */
export const roundTrips: Benchmark = {
  name: 'round-trips',
  run: async (context) => {
    const cells: Cell[] = [];
    for (const link of [...LINKS_V1, ...LINKS_V2]) cells.push(...(await measureLink(link, context)));
    return describe(cells);
  },
};

async function measureLink(link: Link, { isQuick, progress }: BenchmarkContext): Promise<Cell[]> {
  const gate = await createGate({ policy: benchPolicy(TOOLS_IN_POLICY), ledger: 'memory' });
  const plain = await link.open((transport) => transport);
  const governed = await link.open(governedBy(gate));
  try {
    const cells: Cell[] = [];
    for (const size of RESULT_SIZES) {
      progress(`${link.name}, ${sizeWords(size)}`);
      const timing = await interleave(echoOf(plain, size), echoOf(governed, size), effort(link, size, isQuick));
      cells.push({ link, size, timing });
    }
    return cells;
  } finally {
    await plain.close();
    await governed.close();
    await gate.close();
  }
}

/** A gate around each transport, with a principal, a run, and the memory ledger. */
export function governedBy(gate: Gate): Wrap {
  const options = {
    server: SERVER,
    principal: { user: 'u-17', agent: 'agent:bench', tenant: 'acme', roles: ['support'] },
    run: 'bench',
  };
  return <Transport extends TransportLike>(transport: Transport): Transport =>
    gate.wrap(transport, options) as TransportLike as Transport;
}

/** A call of `echo` that asks for `size` characters back. */
export function echoOf(client: EchoClient, size: number): () => Promise<void> {
  return async () => {
    const length = await client.echo(size);
    if (length !== size) throw new RangeError(`expected ${size} characters back, got ${length}`);
  };
}

/** How long to compare calls over a link. */
export function effort(link: Link, size: number, isQuick: boolean): InterleaveOptions {
  if (isQuick) return { rounds: 2, perRound: 5, warmUp: 5 };
  switch (link.transport) {
    case 'in-memory':
      return { rounds: 40, perRound: size > 10_000 ? 250 : 500, warmUp: 3_000 };
    case 'stdio':
      return { rounds: 40, perRound: size > 10_000 ? 75 : 200, warmUp: 500 };
    case 'http':
      return { rounds: 40, perRound: size > 10_000 ? 25 : 50, warmUp: 300 };
  }
}

function describe(cells: readonly Cell[]): Section {
  return {
    title: 'Round trips, governed against ungoverned',
    notes: [
      'One process holds two clients of the same SDK, each with an echo server of its own: one plain, one behind a gate with a ' +
        `policy of ${TOOLS_IN_POLICY} argument-aware tools, a principal, a run and the memory ledger. Calls go one after the other, in ` +
        'rounds that take turns. stdio and HTTP servers are processes of their own. *Difference* and *ratio* are medians over ' +
        'rounds of the paired medians.',
    ],
    tables: [
      {
        caption: '',
        header: [
          'link',
          'result',
          'plain p50',
          'p90',
          'p99',
          'governed p50',
          'p90',
          'p99',
          'difference',
          'ratio',
          'calls a side',
        ],
        rows: cells.map(({ link, size, timing: { plain, governed, differenceMicros, ratio } }) => [
          link.name,
          sizeWords(size),
          ...[plain.p50, plain.p90, plain.p99, governed.p50, governed.p90, governed.p99].map(micros),
          micros(differenceMicros),
          times(ratio),
          whole(plain.count),
        ]),
      },
    ],
    targets: targets(cells),
    figures: Object.fromEntries(cells.flatMap(figuresOf)),
  };
}

function targets(cells: readonly Cell[]): Target[] {
  return cells
    .filter(({ size }) => size === 1_024)
    .map(({ link, timing }): Target => {
      const promise = `round trip over ${link.name}, 1 KiB result`;
      if (link.transport === 'in-memory') {
        return {
          promise: `${promise}, above plain`,
          bound: 20,
          direction: 'at-most',
          measured: timing.differenceMicros,
          unit: 'µs',
        };
      }
      const bound = link.transport === 'stdio' ? 1.25 : 1.03;
      return { promise: `${promise}, ratio`, bound, direction: 'at-most', measured: timing.ratio, unit: '×' };
    });
}

function figuresOf({ link, size, timing }: Cell): [string, number][] {
  const prefix = `${link.name}.${size}B`;
  return [
    ...(['p50', 'p90', 'p99'] as const).flatMap((rank): [string, number][] => [
      [`${prefix}.plain.${rank}.us`, timing.plain[rank]],
      [`${prefix}.governed.${rank}.us`, timing.governed[rank]],
    ]),
    [`${prefix}.difference.us`, timing.differenceMicros],
    [`${prefix}.ratio`, timing.ratio],
  ];
}
