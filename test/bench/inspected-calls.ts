import { createGate } from 'callgate';

import { bytes as sizeWords, micros, times, whole } from './format.ts';
import { interleave, type PairedTiming } from './interleave.ts';
import type { Link } from './links/link.ts';
import { LINKS_V1 } from './links/v1.ts';
import { LINKS_V2 } from './links/v2.ts';
import { benchPolicy } from './policy.ts';
import { RESULT_SIZES, TOOLS_IN_POLICY, echoOf, effort, governedBy } from './round-trips.ts';
import type { Benchmark, BenchmarkContext } from './section.ts';

interface Row {
  readonly link: Link;
  readonly size: number;
  readonly isInspected: boolean;
  readonly timing: PairedTiming;
}

/** Governed calls against ungoverned ones, without inspection of results and with the default one: what of the cost is inspection. */
export const inspectedCalls: Benchmark = {
  name: 'inspected-calls',
  run: async (context) => {
    const links = [...LINKS_V1, ...LINKS_V2].filter(({ transport }) => transport === 'in-memory');
    const rows: Row[] = [];
    for (const link of links) rows.push(...(await measureLink(link, context)));
    return {
      title: 'Governed calls, with and without inspection',
      notes: [
        'Round trips in memory, as in the section before: a plain client, and one behind a gate whose policy says `result: off`; then a ' +
          'plain one, and one whose policy says nothing of results, so that all of the default inspection runs. The text of a result is ' +
          'ordinary prose. *Difference* is the median over rounds of the paired medians.',
      ],
      tables: [
        {
          caption: '',
          header: [
            'link',
            'result',
            'inspection',
            'plain p50',
            'governed p50',
            'p99',
            'difference',
            'ratio',
            'calls a side',
          ],
          rows: rows.map(({ link, size, isInspected, timing: { plain, governed, differenceMicros, ratio } }) => [
            link.name,
            sizeWords(size),
            isInspected ? 'default' : 'off',
            ...[plain.p50, governed.p50, governed.p99, differenceMicros].map(micros),
            times(ratio),
            whole(plain.count),
          ]),
        },
      ],
      targets: [],
      figures: Object.fromEntries(
        rows.map(({ link, size, isInspected, timing }) => [
          `${link.name}.${size}B.${isInspected ? 'default' : 'off'}.difference.us`,
          timing.differenceMicros,
        ]),
      ),
    };
  },
};

async function measureLink(link: Link, { isQuick, progress }: BenchmarkContext): Promise<Row[]> {
  const gates = [
    {
      isInspected: false,
      gate: await createGate({ policy: benchPolicy(TOOLS_IN_POLICY, { result: 'off' }), ledger: 'memory' }),
    },
    { isInspected: true, gate: await createGate({ policy: benchPolicy(TOOLS_IN_POLICY), ledger: 'memory' }) },
  ];
  const plain = await link.open((transport) => transport);
  const rows: Row[] = [];
  for (const { isInspected, gate } of gates) {
    const governed = await link.open(governedBy(gate));
    for (const size of RESULT_SIZES) {
      progress(`${link.name}, ${sizeWords(size)}`);
      const timing = await interleave(echoOf(plain, size), echoOf(governed, size), effort(link, size, isQuick));
      rows.push({ link, size, isInspected, timing });
    }
    await governed.close();
    await gate.close();
  }
  await plain.close();
  return rows.toSorted((one, other) => one.size - other.size);
}
