/**
 * What judging SQL costs: `node --conditions=@callgate/source packages/arguments/bench/sql.ts`. With `--memory`: what 100,000 statements
 * leave behind.
 */
import type { CompiledKind } from '@callgate/policy';

import { sqlKind } from '../src/index.ts';
import { compiledKind, showGrowth, type GrowthInput } from './growth-inputs.ts';

/** Crafted texts, by how they grow. */
const FAMILIES: Readonly<Record<string, (size: number) => string>> = {
  'one column after another': (size) => `SELECT ${'a,'.repeat(size / 2)}a FROM t`,
  'one condition after another': (size) => `SELECT a FROM t WHERE ${'a=1 OR '.repeat(size / 7)}b=2`,
  'one long string': (size) => `SELECT '${'x'.repeat(size)}'`,
  'quotes in a string': (size) => `SELECT '${"''".repeat(size / 2)}'`,
  'one long name': (size) => `SELECT ${'x'.repeat(size)}`,
  parentheses: (size) => `SELECT ${'('.repeat(size / 2)}1${')'.repeat(size / 2)}`,
  subqueries: (size) => `SELECT ${'(SELECT '.repeat(size / 9)}1${')'.repeat(size / 9)}`,
  operators: (size) => `SELECT ${'+'.repeat(size)} 1`,
  'operators apart': (size) => `SELECT ${'+ '.repeat(size / 2)} 1`,
  'comments in a run': (size) => `SELECT 1 ${'/**/'.repeat(size / 4)}`,
  'comments in comments': (size) => `SELECT 1 ${'/*'.repeat(size / 4)}${'*/'.repeat(size / 4)}`,
  'comments that do not end': (size) => `SELECT 1 ${'/* '.repeat(size / 3)}`,
  'dollar quotes that do not end': (size) => `SELECT ${'$a$ $b$ '.repeat(size / 8)}`,
  'tags that begin': (size) => `SELECT ${'$'.repeat(size)}`,
  statements: (size) => 'SELECT 1;'.repeat(size / 9),
  unions: (size) => `SELECT 1${' UNION SELECT 1'.repeat(size / 15)}`,
  joins: (size) => `SELECT 1 FROM a${' JOIN a ON b'.repeat(size / 12)}`,
  tables: (size) => `SELECT a FROM ${'t,'.repeat(size / 2)}t`,
  'named queries': (size) => `WITH a AS (SELECT 1)${',a AS (SELECT 1)'.repeat(size / 16)} SELECT 1`,
  rows: (size) => `SELECT * FROM (VALUES (1)${',(1)'.repeat(size / 4)}) v`,
  cases: (size) => `SELECT ${'CASE WHEN a THEN '.repeat(size / 21)}1${' END'.repeat(size / 21)}`,
  'dense tokens': (size) => `SELECT ${'a,'.repeat(9_000)}a FROM t -- ${'x'.repeat(Math.max(0, size - 18_030))}`,
  'numbers in a list': (size) => `SELECT a FROM t WHERE a IN (${'1,'.repeat(Math.min(size / 2, 4_900))}1)`,
  spaces: (size) => `SELECT 1${' '.repeat(size)}`,
};

await sqlKind.load?.();

/** Crafted values, by what they are long in, for each dialect. Longer ones than the bound are refused before they are read. */
export const growthInputs: readonly GrowthInput[] = ['postgres', 'sqlite'].flatMap((dialect) => {
  const kind = remembersNothing(compiledKind(sqlKind, { dialect, maxLength: 65_536 }));
  return Object.entries(FAMILIES).map(([name, make]) => ({ name: `${dialect}, ${name}`, kind, make }));
});

/** The kind remembers the last text that it judged, so another is judged between. */
function remembersNothing(kind: CompiledKind): CompiledKind {
  return {
    ...kind,
    check: (value) => {
      kind.check('SELECT 1');
      return kind.check(value);
    },
  };
}

const TYPICAL: Readonly<Record<string, string>> = {
  'a short select': 'SELECT name FROM monsters WHERE id = 3 LIMIT 1',
  'a report': `WITH big AS (SELECT h.name, count(*) AS n FROM monsters m JOIN habitats h ON h.id = m.habitat WHERE m.size > 3 GROUP BY 1)
    SELECT name, n, rank() OVER (ORDER BY n DESC) FROM big WHERE n > (SELECT avg(n) FROM big) ORDER BY n DESC LIMIT 50`,
  'a refused change': 'ALTER TABLE monsters DROP COLUMN habitat',
};

function showMemory(): void {
  for (const dialect of ['postgres', 'sqlite']) {
    const kind = compiledKind(sqlKind, { dialect, limit: 100 });
    const texts = [
      ...Object.values(TYPICAL),
      'SELECT FROM WHERE',
      `SELECT ${'('.repeat(450)}1`,
      `SELECT a IN (${'1,'.repeat(4000)}1)`,
    ];
    for (let count = 1; count <= 100_000; count += 1) {
      kind.check(`${texts[count % (count % 50 === 0 ? texts.length : 5)] ?? ''} -- ${count}`);
      if (count % 25_000 === 0)
        console.log(`${dialect}, ${count} statements: ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`);
    }
  }
}

if (import.meta.main) {
  if (process.argv.includes('--memory')) showMemory();
  else {
    const kinds = ['postgres', 'sqlite'].map((dialect) =>
      remembersNothing(compiledKind(sqlKind, { dialect, tables: ['monsters', 'habitats'], limit: 100 })),
    );
    showGrowth(
      growthInputs,
      kinds.flatMap((kind) => Object.values(TYPICAL).map((text) => [kind, text] as const)),
    );
  }
}
