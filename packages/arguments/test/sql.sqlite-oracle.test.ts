import { constants, DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { sqlKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind } from './support/kind-contract.ts';
import { randomQueries, SCHEMA } from './support/random-sql.ts';

await sqlKind.load?.();

/** What SQLite asks its authorizer about while it prepares a statement. */
interface Access {
  readonly reads: readonly (readonly [table: string, column: string])[];
  readonly functions: readonly string[];
  readonly others: readonly number[];
}

const database = new DatabaseSync(':memory:');
for (const [table, columns] of Object.entries(SCHEMA)) database.exec(`CREATE TABLE ${table} (${columns.join(', ')})`);

function accessOf(text: string): Access | undefined {
  const access = { reads: [] as [string, string][], functions: [] as string[], others: [] as number[] };
  database.setAuthorizer((action, first, second) => {
    if (action === constants.SQLITE_READ) access.reads.push([first ?? '', second ?? '']);
    else if (action === constants.SQLITE_FUNCTION) access.functions.push(second ?? '');
    else if (action !== constants.SQLITE_SELECT) access.others.push(action);
    return constants.SQLITE_OK;
  });
  try {
    database.prepare(text);
    return access;
  } catch {
    return undefined;
  } finally {
    database.setAuthorizer(null);
  }
}

/** Queries of `WITH` and table functions are asked about as well. */
function isTable(name: string): boolean {
  return Object.hasOwn(SCHEMA, name) || name.startsWith('sqlite_');
}

const queries = randomQueries({
  functions: ['count', 'max', 'lower', 'coalesce', 'hex'],
  expressions: [
    '($ = $)',
    '(%)',
    '$ IN (%)',
    '$ IN a',
    'EXISTS (%)',
    'CASE WHEN $ THEN $ END',
    'sum($) OVER (ORDER BY $)',
    '"@"',
    'rowid',
  ],
  sources: ['json_each($)', '(a, b)', '(b JOIN a USING (@)) AS #', 'main.a', 'sqlite_master'],
});

test('what passes reads no table, column or function that is not allowed, as SQLite sees it', () => {
  const columns: Readonly<Record<string, readonly string[]>> = { a: ['id', 'name'], name: ['id', 'x'] };
  const kind = compileKind(sqlKind, {
    dialect: 'sqlite',
    tables: ['a', 'name', 'main.a'],
    columns,
    functions: ['json_each', 'coalesce'],
  });
  let judged = 0;
  fc.assert(
    fc.property(queries, (text) => {
      if (kind.check(text).length > 0) return;
      const access = accessOf(text);
      if (access === undefined) return;
      judged += 1;
      expect(access.others, text).toStrictEqual([]);
      for (const [table, column] of access.reads) {
        if (!isTable(table)) continue;
        // An empty name: the table is named, none of its columns is.
        expect(['', ...(columns[table] ?? [])], text).toContain(column);
      }
      for (const name of access.functions) expect(['count', 'max', 'lower', 'coalesce', 'hex', 'sum']).toContain(name);
    }),
    { numRuns: casesOr(4000) },
  );
  expect(judged).toBeGreaterThan(100);
});

test('every table that SQLite reads is a resource', () => {
  const kind = compileKind(sqlKind, { dialect: 'sqlite', recursive: true });
  let judged = 0;
  fc.assert(
    fc.property(queries, (text) => {
      const access = accessOf(text);
      if (access === undefined || kind.check(text).length > 0) return;
      judged += 1;
      const named = kind.resources?.(text).map(({ name }) => name.replace(/^(?:main|sqlite)\./u, '')) ?? [];
      for (const [table] of access.reads) if (isTable(table)) expect(named, text).toContain(table);
    }),
    { numRuns: casesOr(4000) },
  );
  expect(judged).toBeGreaterThan(100);
});

test('what the kind can parse, SQLite can parse', () => {
  const kind = compileKind(sqlKind, { dialect: 'sqlite' });
  const isSyntaxError = (text: string): boolean => {
    try {
      database.prepare(text);
      return false;
    } catch (error) {
      return /syntax error|unrecognized token|incomplete input/u.test((error as Error).message);
    }
  };
  const words =
    "SELECT FROM a b id , ( ) = 1 'x' \"y\" [z] `q` * AS JOIN ON USING WHERE LIMIT ORDER BY NOT NULL IN LIKE - + || -> ; -- /* */ WITH VALUES CASE WHEN THEN END . ? :p x'00' 0x1F 1e3".split(
      ' ',
    );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 9 }), (list) => {
      const text = `SELECT ${list.join(' ')}`;
      const isRead = kind.check(text).every(({ code }) => code !== 'sql.syntax');
      if (isRead) expect(isSyntaxError(text), text).toBe(false);
    }),
    { numRuns: casesOr(4000) },
  );
});
