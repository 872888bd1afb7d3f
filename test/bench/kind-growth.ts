import { ALL_GROWTH_INPUTS } from '../../packages/arguments/bench/all-growth-inputs.ts';
import { GROWTH_SIZES, growthOf, type Growth } from '../../packages/arguments/test/support/growth.ts';
import { significant, whole } from './format.ts';
import type { Benchmark } from './section.ts';

const QUICK_SIZES = [1_000, 2_000, 64_000] as const;

interface Row extends Growth {
  readonly kind: string;
  readonly families: number;
  readonly steepest: string;
  readonly slowest: string;
}

/** How the time to judge crafted values grows with their size, for every argument kind. */
export const kindGrowth: Benchmark = {
  name: 'kind-growth',
  run: ({ isQuick, progress }) => {
    const rows = Object.entries(ALL_GROWTH_INPUTS).map(([kind, inputs]): Row => {
      const found = inputs.map(({ name, kind: compiled, make }) => {
        progress(`${kind}: ${name}`);
        return { name, ...growthOf(compiled, make, isQuick ? QUICK_SIZES : GROWTH_SIZES) };
      });
      const steepest = found.reduce((one, other) => (other.exponent > one.exponent ? other : one));
      const slowest = found.reduce((one, other) => (other.msPer100Kb > one.msPer100Kb ? other : one));
      return {
        kind,
        families: found.length,
        exponent: steepest.exponent,
        steepest: steepest.name,
        msPer100Kb: slowest.msPer100Kb,
        slowest: slowest.name,
      };
    });
    return Promise.resolve({
      title: 'Argument kinds on crafted values',
      notes: [
        `Families of values made to be slow, from 1 KB to 1 MB. The exponent is fitted to the sizes that take at least 0.1 ms, up to the one ` +
          'that takes longest (longer values than a kind’s bound are refused before they are read); 1 is linear. Times are the ' +
          'quickest of at least four.',
      ],
      tables: [
        {
          caption: '',
          header: ['kind', 'families', 'steepest', 'exponent', 'slowest', 'ms per 100 KB'],
          rows: rows.map((row) => [
            row.kind,
            whole(row.families),
            row.steepest,
            row.exponent.toFixed(2),
            row.slowest,
            significant(row.msPer100Kb),
          ]),
        },
      ],
      targets: [
        {
          promise: 'argument kinds on crafted values, steepest exponent',
          bound: 1.2,
          direction: 'at-most',
          measured: Math.max(...rows.map(({ exponent }) => exponent)),
          unit: '',
        },
        {
          promise: 'argument kinds on crafted values, slowest, per 100 KB',
          bound: 50,
          direction: 'at-most',
          measured: Math.max(...rows.map(({ msPer100Kb }) => msPer100Kb)),
          unit: 'ms',
        },
      ],
      figures: Object.fromEntries(
        rows.flatMap(({ kind, exponent, msPer100Kb }): [string, number][] => [
          [`${kind}.exponent`, exponent],
          [`${kind}.ms-per-100kb.ms`, msPer100Kb],
        ]),
      ),
    });
  },
};
