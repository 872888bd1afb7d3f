import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { sqlKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind } from './support/kind-contract.ts';
import { randomQueries, SCHEMA } from './support/random-sql.ts';

await sqlKind.load?.();

/** PostgreSQL's own permissions, which say the same as the specification below. */
const PERMISSIONS = `
  CREATE ROLE reader;
  GRANT SELECT (id, name) ON a TO reader;
  GRANT SELECT (id, x) ON name TO reader;
  SET ROLE reader;
`;

let database: PGlite;
beforeAll(async () => {
  database = new PGlite();
  const tables = Object.entries(SCHEMA).map(
    ([name, columns]) => `CREATE TABLE ${name} (${columns.join(' text, ')} text);`,
  );
  await database.exec(`${tables.join('\n')} ${PERMISSIONS}`);
}, 60_000);
afterAll(async () => {
  await database.close();
});

const queries = randomQueries({
  functions: ['count', 'max', 'lower', 'to_jsonb', 'row_to_json', 'length'],
  expressions: [
    '($ = $)',
    '(%)',
    '$ IN (%)',
    'EXISTS (%)',
    'CASE WHEN ($) IS NULL THEN $ END',
    'count($) OVER (ORDER BY $)',
    'ROW($, $)',
    '(@).#',
    '(@)::text',
    '(#).@',
    '(@).*',
    '#.to_jsonb',
    'ARRAY(%)',
    'count(@.*)',
    'public.a.@',
  ],
  sources: [
    'LATERAL (%) AS #',
    'unnest(ARRAY[$]) AS #',
    'public.a',
    'a AS #(@, @, @)',
    '(a JOIN b USING (id)) AS #',
    'a NATURAL JOIN name',
    'ONLY a',
  ],
});

test('PostgreSQL denies a role with the same permissions nothing that passes', async () => {
  const kind = compileKind(sqlKind, {
    tables: ['a', 'name', 'public.a'],
    columns: { a: ['id', 'name'], name: ['id', 'x'] },
  });
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(queries, async (text) => {
      if (kind.check(text).length > 0) return;
      const failure = await database.query(text).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      if (failure === undefined) ran += 1;
      expect(failure ?? '', text).not.toContain('permission denied');
    }),
    { numRuns: casesOr(2000) },
  );
  expect(ran).toBeGreaterThan(30);
}, 60_000);
