/**
 * What judging SQL costs: `node --conditions=@callgate/source packages/arguments/bench/sql.ts`. With `--memory`: what 100,000 statements
 * leave behind.
 */
import type { CompiledKind } from '@callgate/policy';

import { sqlKind } from '../src/index.ts';

/** Crafted texts, by how they grow. */
export const growthInputs: Readonly<Record<string, (size: number) => string>> = {
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
  spaces: (size) => `SELECT 1${' '.repeat(size)}`,
};

const SIZES: readonly number[] = [4000, 8000, 16_000, 32_000, 64_000];
const LARGE = 1_000_000;

function compile(specification: Readonly<Record<string, unknown>>): CompiledKind {
  return sqlKind.compile(sqlKind.specification.parse(specification), (pointer, expected) => {
    throw new Error(`${pointer}: expected ${expected}`);
  });
}

/** The quickest of a few runs, in milliseconds. The kind remembers its last text, so another is judged between. */
function quickestMs(kind: CompiledKind, text: string, rounds: number): number {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    kind.check('SELECT 1');
    const startedMs = performance.now();
    kind.check(text);
    best = Math.min(best, performance.now() - startedMs);
  }
  return best;
}

/** The slope of log time over log size. */
function exponentOf(times: readonly number[]): number {
  const points = times.map((time, index) => [Math.log(SIZES[index] ?? 1), Math.log(Math.max(time, 0.02))] as const);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

const TYPICAL: Readonly<Record<string, string>> = {
  'a short select': 'SELECT name FROM monsters WHERE id = 3 LIMIT 1',
  'a report': `WITH big AS (SELECT h.name, count(*) AS n FROM monsters m JOIN habitats h ON h.id = m.habitat WHERE m.size > 3 GROUP BY 1)
    SELECT name, n, rank() OVER (ORDER BY n DESC) FROM big WHERE n > (SELECT avg(n) FROM big) ORDER BY n DESC LIMIT 50`,
  'a refused change': 'ALTER TABLE monsters DROP COLUMN habitat',
};

function showTypical(): void {
  for (const dialect of ['postgres', 'sqlite']) {
    const kind = compile({ dialect, tables: ['monsters', 'habitats'], limit: 100 });
    for (const [name, text] of Object.entries(TYPICAL)) {
      const times = Array.from({ length: 3000 }, () => quickestMs(kind, text, 1)).toSorted(
        (left, right) => left - right,
      );
      const [p50, p99] = [times[1500] ?? 0, times[2970] ?? 0];
      console.log(
        `${dialect}, ${name.padEnd(20)} p50 ${(p50 * 1000).toFixed(0)} µs, p99 ${(p99 * 1000).toFixed(0)} µs`,
      );
    }
  }
}

function showGrowth(): void {
  for (const dialect of ['postgres', 'sqlite']) {
    const longest = compile({ dialect, maxLength: 65_536 });
    const usual = compile({ dialect });
    for (const [name, make] of Object.entries(growthInputs)) {
      const times = SIZES.map((size) => quickestMs(longest, make(size), 5));
      const worst = Math.max(...times.map((time, index) => time / ((SIZES[index] ?? 1) / 100_000)));
      const large = quickestMs(usual, make(LARGE), 3);
      console.log(
        `${dialect}, ${name.padEnd(30)} ${times.map((time) => time.toFixed(2)).join(' ')} ms, exponent ${exponentOf(times).toFixed(2)}, ` +
          `${worst.toFixed(0)} ms per 100 KB at worst, 1 MB ${large.toFixed(2)} ms`,
      );
    }
  }
}

function showMemory(): void {
  for (const dialect of ['postgres', 'sqlite']) {
    const kind = compile({ dialect, limit: 100 });
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

await sqlKind.load?.();
if (process.argv.includes('--memory')) showMemory();
else {
  showTypical();
  showGrowth();
}
