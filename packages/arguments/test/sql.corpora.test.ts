import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { sqlKind } from '../src/index.ts';
import { compileKind, passes } from './support/kind-contract.ts';

interface Row {
  readonly id: string;
  readonly text: string;
  readonly label: 'benign_read' | 'read' | 'other' | 'dml' | 'ddl' | 'attack';
}

const corpora = process.env['CALLGATE_CORPORA'];
const isAvailable = corpora !== undefined && existsSync(`${corpora}/sql`);

function rows(name: string): readonly Row[] {
  const text = gunzipSync(readFileSync(`${corpora ?? ''}/sql/${name}.jsonl.gz`)).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

describe.skipIf(!isAvailable)('corpora (skipped, set CALLGATE_CORPORA to run)', async () => {
  await sqlKind.load?.();
  const all = isAvailable ? [...rows('statements'), ...rows('patt_fragments')] : [];

  describe.each(['postgres', 'sqlite'])('%s', (dialect) => {
    const strict = compileKind(sqlKind, { dialect, tables: ['monsters', 'habitats'], limit: 100 });
    const reading = compileKind(sqlKind, { dialect });

    test('no attack, change or definition passes where two tables may be read', () => {
      const others = all.filter(({ label }) => label !== 'read' && label !== 'benign_read');
      expect(others.filter(({ text }) => passes(strict, text))).toStrictEqual([]);
    });

    test('no change or definition passes where all tables may be read', () => {
      const changes = all.filter(({ label }) => label === 'dml' || label === 'ddl' || label === 'other');
      expect(changes.filter(({ text }) => passes(reading, text))).toStrictEqual([]);
    });

    test('reads that parse pass, but for functions that are not standard, system tables and recursion', () => {
      const codes = new Set(
        all
          .filter(({ label }) => label === 'benign_read' || label === 'read')
          .flatMap(({ text }) => reading.check(text).map(({ code }) => code)),
      );
      const refused = ['sql.syntax', 'sql.function', 'sql.table', 'sql.recursive'];
      expect([...codes].filter((code) => !refused.includes(code))).toStrictEqual([]);
    });

    test('reads of people pass', () => {
      const read = all.filter(({ label }) => label === 'benign_read');
      const passed = read.filter(({ text }) => passes(reading, text));
      expect(passed.length / read.length).toBeGreaterThan(0.95);
    });

    test('repair makes a read pass by its LIMIT alone', () => {
      const limited = compileKind(sqlKind, { dialect, limit: 100 });
      const near = all.filter(
        ({ label, text }) => label === 'benign_read' && passes(reading, text) && !passes(limited, text),
      );
      const repaired = near.filter(({ text }) => limited.repair(text).some((candidate) => passes(limited, candidate)));
      expect(repaired.length / near.length).toBeGreaterThan(0.99);
    });
  });
});
