import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CompiledKind } from '@callgate/policy';

import { sqlKind } from '../src/index.ts';
import { casesOr } from './support/cases.ts';
import { compileKind, kindContract, passes } from './support/kind-contract.ts';

await sqlKind.load?.();

/** The codes of what is wrong, or `pass`. */
function verdict(kind: CompiledKind, text: string): string {
  const codes = kind.check(text).map(({ code }) => code);
  return codes.length === 0 ? 'pass' : codes.join(' ');
}

kindContract(sqlKind, [
  {
    specification: { tables: ['monsters', 'habitats'], limit: 100 },
    pass: [
      'SELECT * FROM monsters LIMIT 100',
      'select m.name, count(*) from monsters m join habitats h on h.id = m.habitat group by 1 order by 2 desc limit 5;',
      'WITH big AS (SELECT * FROM monsters WHERE size > 3) SELECT * FROM big LIMIT 10 -- the big ones',
      '(SELECT name FROM monsters) UNION ALL SELECT name FROM habitats LIMIT 7',
      'SELECT * FROM monsters FETCH FIRST 10 ROWS ONLY',
    ],
    fail: [
      'ALTER TABLE monsters DROP COLUMN name',
      'SELECT * FROM monsters',
      'SELECT * FROM monsters LIMIT 101',
      'SELECT * FROM secrets LIMIT 1',
      'SELECT * FROM monsters LIMIT 1; DROP TABLE monsters',
      'SELECT * FROM',
      '',
    ],
  },
  {
    specification: { statements: ['select', 'insert', 'update', 'delete', 'merge', 'values', 'explain', 'show'] },
    pass: [
      'INSERT INTO monsters (id) VALUES (1) RETURNING id',
      'UPDATE monsters SET name = $1 WHERE id = $2',
      'DELETE FROM monsters USING habitats h WHERE h.id = monsters.habitat',
      'EXPLAIN ANALYZE DELETE FROM monsters WHERE id = 1',
      'SHOW search_path',
      'VALUES (1), (2)',
    ],
    fail: ['DELETE FROM monsters', 'UPDATE monsters SET id = 1 WHERE true', 'TRUNCATE monsters', 'DROP TABLE monsters'],
  },
  {
    specification: { columns: { users: ['id', 'name'] }, wildcards: 'deny', joins: 1, parameters: false },
    pass: ['SELECT id, name FROM users', 'SELECT u.id, o.total FROM users u JOIN orders o ON o.user_id = u.id'],
    fail: ['SELECT password FROM users', 'SELECT * FROM users', 'SELECT id FROM users WHERE id = $1'],
  },
  {
    specification: { dialect: 'sqlite', statements: ['select', 'insert'], tables: ['main.*', '*'], limit: 10 },
    pass: ['SELECT * FROM t LIMIT 5 OFFSET 2', 'SELECT `a`, [b] FROM main.t LIMIT 2, 3', 'INSERT INTO t(a) VALUES (1)'],
    fail: [
      'PRAGMA table_info(t)',
      "ATTACH 'x' AS y",
      'SELECT * FROM sqlite_schema LIMIT 1',
      'REPLACE INTO t VALUES (1)',
    ],
  },
  {
    specification: { where: ['select'], standardFunctions: false, functions: ['count', 'app.score'], recursive: true },
    pass: [
      'SELECT count(*) FROM t WHERE id > 3',
      'SELECT app.score(id) FROM t WHERE id = 3',
      'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r WHERE n < 5',
    ],
    fail: ['SELECT count(*) FROM t', 'SELECT sum(id) FROM t WHERE id = 3', 'SELECT score(id) FROM t WHERE id = 3'],
  },
  {
    specification: { tables: ['monsters', 'app.*'], schema: 'public', limit: 100, maxLength: 80 },
    pass: ['SELECT 1 FROM public.monsters LIMIT 1', 'SELECT 1 FROM monsters LIMIT 1', 'SELECT 1 FROM app.x LIMIT 1'],
    fail: ['SELECT 1 FROM x LIMIT 1', `SELECT 1 FROM monsters LIMIT 1${' '.repeat(51)}`],
  },
]);

describe('a statement that only reads', () => {
  const reading = compileKind(sqlKind, {});

  test.each([
    ['a change inside WITH', 'WITH d AS (DELETE FROM t WHERE id = 1 RETURNING *) SELECT * FROM d', 'sql.statement'],
    [
      'an insert inside WITH of a subquery',
      'WITH a AS (WITH b AS (INSERT INTO t VALUES (1) RETURNING id) SELECT * FROM b) TABLE a',
      'sql.statement',
    ],
    ['SELECT INTO', 'SELECT * INTO copy FROM t', 'sql.into'],
    ['SELECT INTO in an arm of a union', 'SELECT 1 INTO copy UNION SELECT 2', 'sql.into'],
    ['row locks', 'SELECT * FROM t FOR UPDATE', 'sql.locking'],
    ['row locks that share', 'SELECT * FROM t FOR KEY SHARE', 'sql.locking'],
    ['row locks of a subquery', 'SELECT * FROM (SELECT * FROM t FOR SHARE) s', 'sql.locking'],
    ['a copy to a program', "COPY t TO PROGRAM 'curl x'", 'sql.statement'],
    ['a copy from a file', "COPY t FROM '/etc/passwd'", 'sql.statement'],
    ['a copy of a query', 'COPY (SELECT * FROM t) TO STDOUT', 'sql.statement'],
    ['explain of a change', 'EXPLAIN ANALYZE DELETE FROM t', 'sql.statement sql.statement'],
    ['an anonymous block', 'DO $$ BEGIN DELETE FROM t; END $$', 'sql.statement'],
    ['an anonymous block with a tag', 'DO LANGUAGE plpgsql $x$ BEGIN NULL; END $x$', 'sql.statement'],
    ['a call', 'CALL wipe()', 'sql.statement'],
    ['a setting', 'SET search_path = evil', 'sql.statement'],
    ['a local setting', 'SET LOCAL ROLE postgres', 'sql.statement'],
    ['a reset', 'RESET ALL', 'sql.statement'],
    ['show, where it is not listed', 'SHOW ALL', 'sql.statement'],
    ['a prepared statement', 'PREPARE p AS SELECT 1', 'sql.statement'],
    ['running a prepared statement', 'EXECUTE p', 'sql.statement'],
    ['a transaction', 'BEGIN', 'sql.statement'],
    ['a commit', 'COMMIT', 'sql.statement'],
    ['a listener', 'LISTEN channel', 'sql.statement'],
    ['a notification', "NOTIFY channel, 'x'", 'sql.statement'],
    ['a lock', 'LOCK TABLE t', 'sql.statement'],
    ['a truncation', 'TRUNCATE t', 'sql.statement'],
    ['a table from a query', 'CREATE TABLE x AS SELECT 1', 'sql.statement'],
    ['a view', 'CREATE VIEW v AS SELECT 1', 'sql.statement'],
    ['a rule', 'CREATE RULE r AS ON SELECT TO t DO INSTEAD NOTHING', 'sql.statement'],
    ['a cursor', 'DECLARE c CURSOR FOR SELECT 1', 'sql.statement'],
    ['a grant', 'GRANT ALL ON t TO public', 'sql.statement'],
    ['an extension', 'CREATE EXTENSION dblink', 'sql.statement'],
    ['loading a library', "LOAD 'evil'", 'sql.statement'],
    ['a vacuum', 'VACUUM t', 'sql.statement'],
    ['two statements', 'SELECT 1; SELECT 2', 'sql.multiple'],
    ['a second statement behind a comment', 'SELECT 1; -- \nDROP TABLE t', 'sql.multiple'],
    ['a second statement behind a nested comment', 'SELECT 1 /* /* ; */ */; DROP TABLE t', 'sql.multiple'],
    ['recursion', 'WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT * FROM r) SELECT * FROM r', 'sql.recursive'],
    [
      'recursion by way of another query',
      'WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT * FROM a) SELECT * FROM a',
      'sql.recursive',
    ],
    ['a name that is looked up in a value', "SELECT 'pg_shadow'::regclass", 'sql.unsupported'],
    ['an array of such names', "SELECT '{pg_shadow}'::_regclass", 'sql.unsupported'],
    ['such a cast in other words', "SELECT CAST('x' AS pg_catalog.regprocedure)", 'sql.unsupported'],
    ['an ordering by an operator', 'SELECT 1 FROM t ORDER BY x USING OPERATOR(evil.<)', 'sql.unsupported'],
    ['such a type before the value', "SELECT regrole 'postgres'", 'sql.unsupported'],
    ['an operator of a schema', 'SELECT 1 OPERATOR(evil.+) 1', 'sql.unsupported'],
    ['an operator of a schema before a query', 'SELECT 1 OPERATOR(evil.=) ANY (SELECT 1)', 'sql.unsupported'],
    ['a sampling method of an extension', 'SELECT * FROM t TABLESAMPLE evil(1)', 'sql.unsupported'],
    ['the current row of a cursor', 'SELECT 1 WHERE CURRENT OF c', 'sql.syntax'],
  ])('is not %s', (_, text, code) => {
    expect(verdict(reading, text)).toBe(code);
  });

  test.each([
    'pg_sleep(1)',
    'PG_SLEEP(1)',
    'pg_catalog.pg_sleep(1)',
    '"pg_sleep"(1)',
    'U&"\\0070g_sleep"(1)',
    "('1').pg_sleep",
    "('/etc/passwd'::text).pg_read_file",
    "pg_read_file('/etc/passwd')",
    "pg_ls_dir('/')",
    "lo_import('/etc/passwd')",
    "lo_export(1, '/tmp/x')",
    "dblink('host=x', 'SELECT 1')",
    'pg_terminate_backend(1)',
    'pg_cancel_backend(1)',
    "set_config('role', 'x', false)",
    "current_setting('x')",
    "nextval('s')",
    "setval('s', 1)",
    "currval('s')",
    'lastval()',
    'pg_advisory_lock(1)',
    'pg_try_advisory_xact_lock(1)',
    "query_to_xml('SELECT 1', true, true, '')",
    "database_to_xml(true, true, '')",
    "table_to_xml('t', true, true, '')",
    "ts_stat('SELECT v FROM t')",
    "ts_rewrite('a'::tsquery, 'SELECT a, b FROM t')",
    "to_regclass('pg_shadow')",
    "has_table_privilege('t', 'select')",
    "pg_notify('c', 'x')",
    'pg_reload_conf()',
    'pg_switch_wal()',
    "pg_logical_emit_message(true, 'a', 'b')",
    'txid_current()',
    'setseed(0.5)',
    'version()',
    'current_user',
    'inet_server_addr()',
    'an_unknown_function(1)',
    'public.count(1)',
    'coalesce(NULL, (SELECT pg_sleep(1)))',
    'count(*) FILTER (WHERE pg_sleep(1) IS NULL)',
    'row_number() OVER (ORDER BY pg_sleep(1))',
    'sum(1) OVER (PARTITION BY pg_sleep(1) ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
    'array_agg(1 ORDER BY pg_sleep(1))',
    'percentile_cont(0.5) WITHIN GROUP (ORDER BY pg_sleep(1))',
    'CASE WHEN pg_sleep(1) IS NULL THEN 1 END',
    'ARRAY[pg_sleep(1)]',
    'ARRAY(SELECT pg_sleep(1))',
    '(ARRAY[1])[pg_sleep(1)]',
    'ROW(pg_sleep(1))',
    '1 IN (SELECT pg_sleep(1))',
    '1 = ANY (SELECT pg_sleep(1))',
    'EXISTS (SELECT pg_sleep(1))',
    'GREATEST(1, pg_sleep(1))',
    'NULLIF(1, pg_sleep(1))',
    'pg_sleep(1) IS NOT NULL',
    'pg_sleep(1)::text COLLATE "C"',
    'pg_sleep(1) BETWEEN 1 AND 2',
    'xmlelement(name a, xmlattributes(pg_sleep(1) AS b))',
    'JSON_OBJECT(1 : pg_sleep(1))',
    'JSON_ARRAY(SELECT pg_sleep(1))',
    "JSON_VALUE('{}', '$' PASSING pg_sleep(1) AS x)",
    "JSON_VALUE('{}', '$' DEFAULT pg_sleep(1) ON EMPTY)",
    'now() AT TIME ZONE pg_sleep(1)::text',
    'extract(year FROM pg_sleep(1))',
    "'a' LIKE 'b' ESCAPE pg_sleep(1)::text",
    "numeric(pg_sleep(1)) '1'",
    "TREAT('1' AS pg_sleep)",
  ])('calls no function with side effects: %s', (expression) => {
    for (const text of [
      `SELECT ${expression}`,
      `SELECT 1 FROM t WHERE (${expression}) IS NULL`,
      `SELECT 1 FROM t GROUP BY (${expression})`,
      `SELECT 1 FROM t HAVING (${expression}) IS NULL`,
      `SELECT 1 FROM t ORDER BY (${expression})`,
      `SELECT 1 FROM t LIMIT (${expression})`,
      `SELECT 1 FROM t OFFSET (${expression})`,
      `SELECT DISTINCT ON ((${expression})) 1 FROM t`,
      `SELECT 1 FROM t JOIN u ON (${expression}) IS NULL`,
      `SELECT 1 FROM t, LATERAL (SELECT ${expression}) x`,
      `SELECT 1 FROM generate_series(1, (${expression})) x`,
      `SELECT 1 FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY[(${expression})])) x`,
      `SELECT 1 FROM t TABLESAMPLE system((${expression}))`,
      `SELECT 1 UNION SELECT (${expression})`,
      `VALUES ((${expression}))`,
      `WITH w AS (SELECT ${expression}) SELECT 1`,
      `SELECT sum(1) OVER w FROM t WINDOW w AS (ORDER BY (${expression}))`,
      `SELECT 1 FROM xmltable('/a' PASSING (${expression}) COLUMNS x int DEFAULT (${expression})) x`,
      `SELECT 1 FROM json_table('{}', '$' PASSING (${expression}) AS p COLUMNS (x int PATH '$')) j`,
      `SELECT 1 FROM t GROUP BY ROLLUP ((${expression}))`,
    ]) {
      const found = verdict(compileKind(sqlKind, { statements: ['select', 'values'] }), text);
      expect(found, text).not.toBe('pass');
    }
  });

  test.each([
    'SELECT (t).pg_sleep FROM t',
    'SELECT * FROM pg_sleep(1)',
    "SELECT * FROM pg_ls_dir('/')",
    "SELECT * FROM dblink('x', 'y') AS t(a int)",
    "SELECT x FROM pg_read_file('/etc/passwd') x",
  ])('refuses %s', (text) => {
    expect(verdict(reading, text)).toBe('sql.function');
  });

  test.each([
    "SELECT date_trunc('month', created) AS m, sum(price * amount)::numeric(12, 2) FROM orders GROUP BY 1 ORDER BY 1",
    "SELECT name, rank() OVER (PARTITION BY habitat ORDER BY size DESC NULLS LAST) FROM monsters WHERE name ILIKE 'a%'",
    'SELECT a.id, b.* FROM a LEFT JOIN b USING (id), LATERAL (SELECT max(c.x) FROM c WHERE c.id = a.id) m(x)',
    "SELECT extract(year FROM d), d AT TIME ZONE 'UTC', trim(both ' ' FROM s), substring(s FROM 2 FOR 3), position('a' IN s) FROM t",
    "SELECT payload->>'kind', jsonb_array_length(payload->'items') FROM events WHERE payload @> '{\"a\": 1}'",
    "SELECT * FROM generate_series(date '2026-01-01', date '2026-02-01', interval '1 day') AS d",
    'SELECT CASE WHEN x IS DISTINCT FROM y THEN 1 ELSE 2 END, COALESCE(x, y, 0), GREATEST(x, y), NULLIF(x, 0) FROM t',
    'SELECT count(DISTINCT x) FILTER (WHERE y > 3), array_agg(x ORDER BY y), string_agg(s, $$,$$) FROM t GROUP BY GROUPING SETS ((a), ())',
    'WITH RECURSIVE a AS (SELECT 1 AS n), b AS (SELECT n FROM a) SELECT * FROM b',
    "SELECT j.* FROM t, json_table(t.doc, '$.a[*]' COLUMNS (id int PATH '$.id', NESTED PATH '$.b[*]' COLUMNS (c text PATH '$'))) j",
    "SELECT x.* FROM xmltable('/a/b' PASSING doc COLUMNS id int PATH '@id', n FOR ORDINALITY) x, docs",
    "SELECT * FROM json_to_recordset('[]') AS r(a int, b text)",
    'SELECT a[1], a[2:3], (ARRAY[1,2])[1], ROW(1, 2), x COLLATE "C" FROM t TABLESAMPLE bernoulli (10) REPEATABLE (1)',
    'SELECT * FROM a NATURAL JOIN b FULL JOIN c ON a.x = c.x ORDER BY a.x LIMIT ALL OFFSET 3',
    'TABLE monsters',
    "SELECT 'it''s', E'a\\nb', U&'\\0061', B'101', X'1F', $$x$$, 1e3, .5, 0x1F, 1_000, NULL, TRUE",
    'SELECT 1; /* that is all */ ;',
  ])('passes: %s', (text) => {
    expect(reading.check(text)).toStrictEqual([]);
  });
});

describe('tables', () => {
  const kind = compileKind(sqlKind, { tables: ['monsters', 'app.users', 'report_*', '"Mixed"', 'lake.*'] });

  test.each([
    'SELECT * FROM monsters',
    'SELECT * FROM MONSTERS',
    'SELECT * FROM "monsters"',
    'SELECT * FROM ONLY monsters',
    'SELECT * FROM app.users',
    'SELECT * FROM App.Users',
    'SELECT * FROM report_2026',
    'SELECT * FROM "Mixed"',
    'SELECT * FROM lake.anything',
    'SELECT * FROM db.app.users',
    'WITH x AS (SELECT * FROM monsters) SELECT * FROM x',
    'WITH secrets AS (SELECT * FROM monsters) SELECT * FROM secrets',
    'WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM b',
  ])('passes %s', (text) => {
    expect(kind.check(text)).toStrictEqual([]);
  });

  test.each([
    'SELECT * FROM secrets',
    'SELECT * FROM "Monsters"',
    'SELECT * FROM mixed',
    'SELECT * FROM public.monsters',
    'SELECT * FROM users',
    'SELECT * FROM app.monsters',
    'SELECT * FROM pg_shadow',
    'SELECT * FROM PG_AUTHID',
    'SELECT * FROM pg_catalog.pg_shadow',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM U&"secret\\0073"',
    'SELECT (SELECT max(x) FROM secrets) FROM monsters',
    'SELECT * FROM monsters WHERE id IN (SELECT id FROM secrets)',
    'SELECT * FROM monsters ORDER BY (SELECT 1 FROM secrets)',
    'SELECT * FROM monsters LIMIT (SELECT 1 FROM secrets)',
    'SELECT * FROM monsters, secrets',
    'SELECT * FROM monsters JOIN (monsters m JOIN secrets s ON true) ON true',
    'SELECT * FROM monsters UNION ALL SELECT * FROM secrets',
    'SELECT * FROM monsters EXCEPT (SELECT 1 INTERSECT TABLE secrets)',
    'SELECT * FROM monsters, LATERAL (SELECT * FROM secrets) x',
    'SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM secrets)) FROM monsters',
    'VALUES ((SELECT 1 FROM secrets))',
    // The name of a query is not known in that query, nor outside the statement that names it.
    'WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets',
    'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
    'SELECT * FROM (WITH secrets AS (SELECT 1) SELECT * FROM secrets) x, secrets',
    '(WITH secrets AS (SELECT 1) SELECT * FROM secrets) UNION SELECT 1 FROM secrets',
    'WITH secrets AS (SELECT 1) SELECT * FROM app.secrets',
  ])('refuses %s', (text) => {
    expect(verdict(kind, text)).toContain('sql.table');
  });

  test('a change is of a table, whatever WITH has named', () => {
    const writing = compileKind(sqlKind, {
      statements: ['select', 'insert', 'update', 'delete', 'merge'],
      tables: ['a'],
    });
    for (const text of [
      'WITH secrets AS (SELECT 1) INSERT INTO secrets SELECT * FROM a',
      'WITH secrets AS (SELECT 1 AS id) UPDATE secrets SET id = 1 WHERE id = 2',
      'WITH secrets AS (SELECT 1) DELETE FROM secrets WHERE id = 1',
      'WITH secrets AS (SELECT 1) MERGE INTO secrets USING a ON a.id = secrets.id WHEN MATCHED THEN DELETE',
    ]) {
      expect(verdict(writing, text)).toBe('sql.table');
    }
  });

  test('system tables pass only where their schema is written', () => {
    const some = compileKind(sqlKind, { tables: ['*', '*.*', 'pg_stat_activity', 'information_schema.tables'] });
    expect(verdict(some, 'SELECT * FROM x.y, z')).toBe('pass');
    expect(verdict(some, 'SELECT * FROM pg_stat_activity')).toBe('pass');
    expect(verdict(some, 'SELECT * FROM pg_catalog.pg_stat_activity')).toBe('pass');
    expect(verdict(some, 'SELECT * FROM information_schema.tables')).toBe('pass');
    expect(verdict(some, 'SELECT * FROM pg_shadow')).toBe('sql.table');
    expect(verdict(some, 'SELECT * FROM information_schema.columns')).toBe('sql.table');
    expect(verdict(some, 'SELECT * FROM pg_toast.x')).toBe('sql.table');
    expect(verdict(compileKind(sqlKind), 'SELECT * FROM pg_temp.x')).toBe('sql.table');
  });

  test('some tables may be read and not changed', () => {
    const kind_ = compileKind(sqlKind, { statements: ['select', 'insert'], tables: ['a', 'b'], writable: ['b'] });
    expect(verdict(kind_, 'INSERT INTO b SELECT * FROM a')).toBe('pass');
    expect(verdict(kind_, 'INSERT INTO a SELECT * FROM b')).toBe('sql.writable');
  });

  test('the names of tables are resources', () => {
    expect(kind.resources?.('SELECT * FROM "Mixed" m JOIN App.Users u ON true, pg_class')).toStrictEqual([
      { type: 'table', name: 'mixed' },
      { type: 'table', name: 'app.users' },
      { type: 'table', name: 'pg_catalog.pg_class' },
    ]);
    expect(kind.resources?.('WITH x AS (SELECT 1) SELECT * FROM x')).toStrictEqual([]);
    expect(kind.resources?.('no statement')).toStrictEqual([]);
    const known = compileKind(sqlKind, { schema: 'public' });
    expect(known.resources?.('SELECT * FROM a')).toStrictEqual(known.resources?.('SELECT * FROM public.a'));
  });
});

describe('columns', () => {
  const kind = compileKind(sqlKind, {
    statements: ['select', 'insert', 'update', 'delete'],
    columns: { users: ['id', 'name'], teams: ['id', 'title'] },
  });

  test.each([
    'SELECT id, name FROM users',
    'SELECT u.id, upper(u.name) AS n FROM users AS u ORDER BY n',
    'SELECT anything FROM orders',
    'SELECT * FROM orders',
    'SELECT o.* FROM users u, orders o',
    'SELECT u.name, t.title FROM users u JOIN teams t ON t.id = u.id',
    'SELECT count(*) FROM users',
    'SELECT * FROM (SELECT id, name FROM users) u',
    'WITH u AS (SELECT id, name AS n FROM users) SELECT n, u.n FROM u ORDER BY n',
    'SELECT x.total FROM users u JOIN (SELECT uid, sum(total) AS total FROM orders GROUP BY uid) x ON x.uid = u.id',
    'SELECT name FROM users WHERE EXISTS (SELECT * FROM orders o WHERE o.uid = users.id)',
    'UPDATE users SET name = name || id WHERE id = 3 RETURNING id',
    'INSERT INTO users (id, name) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET name = excluded.name',
    'SELECT public.users.name FROM public.users',
  ])('passes %s', (text) => {
    expect(kind.check(text)).toStrictEqual([]);
  });

  test.each([
    'SELECT password FROM users',
    'SELECT "password" FROM users',
    'SELECT u.password FROM users u',
    'SELECT users.password FROM users',
    'SELECT public.users.password FROM public.users',
    'SELECT password FROM public.users',
    'SELECT password FROM any_schema.users',
    'SELECT * FROM users',
    'SELECT u.* FROM users u, orders',
    'SELECT count(u.*) FROM users u',
    'TABLE users',
    'SELECT id FROM users WHERE password LIKE $$a%$$',
    'SELECT id FROM users ORDER BY password',
    'SELECT id FROM users GROUP BY id, password',
    'SELECT 1 AS password FROM users GROUP BY password',
    'SELECT id FROM users HAVING max(password) > $$a$$',
    'SELECT sum(id) OVER (ORDER BY password) FROM users',
    'SELECT DISTINCT ON (password) id FROM users',
    'SELECT u.id FROM users u JOIN orders o ON o.x = u.password',
    'SELECT o.x FROM orders o JOIN users u USING (password)',
    'SELECT o.x FROM orders o NATURAL JOIN users',
    'SELECT x FROM (SELECT password AS x FROM users) q',
    'WITH q(x) AS (SELECT password FROM users) SELECT x FROM q',
    'SELECT (SELECT password) FROM users',
    'SELECT o.x FROM orders o WHERE o.x = (SELECT max(password) FROM users)',
    'SELECT (SELECT max(o.x) FROM orders o WHERE o.y = password) FROM users',
    'SELECT q.x FROM users, LATERAL (SELECT password AS x) q',
    'SELECT (WITH w AS (SELECT password AS p) SELECT p FROM w) FROM users',
    // A whole row, and columns under other names.
    'SELECT u FROM users u',
    'SELECT users FROM users',
    'SELECT u::text FROM users u',
    'SELECT row_to_json(u) FROM users u',
    'SELECT (u).password FROM users u',
    'SELECT password(u) FROM users u',
    'SELECT u.to_jsonb FROM users u',
    'SELECT name FROM users AS u(x, name, y)',
    'SELECT id FROM (users u JOIN orders o ON true) AS j(id, name)',
    'SELECT name FROM users AS name',
    'SELECT title FROM users, teams',
    'SELECT xmin FROM users',
    // Writing.
    'INSERT INTO users VALUES (1, 2, 3)',
    'INSERT INTO users (id, password) VALUES (1, 2)',
    'UPDATE users SET password = 1 WHERE id = 1',
    'UPDATE users SET (id, password) = (1, 2) WHERE id = 1',
    'UPDATE users SET name = password WHERE id = 1',
    'UPDATE orders SET x = u.password FROM users u WHERE u.id = orders.uid',
    'UPDATE users SET name = 1 WHERE id = 1 RETURNING *',
    'UPDATE users SET name = 1 WHERE id = 1 RETURNING old.password',
    'DELETE FROM users WHERE id = 1 RETURNING password',
    'INSERT INTO users (id) VALUES (1) ON CONFLICT (password) DO NOTHING',
    'INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET password = 1',
    'INSERT INTO users (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.password',
    'INSERT INTO orders (x) SELECT password FROM users',
  ])('refuses %s', (text) => {
    expect(verdict(kind, text)).toMatch(/sql\.(?:column|function)/u);
  });

  test('one list is about every table', () => {
    const all = compileKind(sqlKind, { columns: ['id'] });
    expect(verdict(all, 'SELECT id, a.id FROM a')).toBe('pass');
    expect(verdict(all, 'SELECT secret FROM a')).toBe('sql.column');
    expect(verdict(all, 'SELECT * FROM a')).toBe('sql.column');
  });

  test('a list for tables not named', () => {
    const others = compileKind(sqlKind, { columns: { users: ['id', 'name'], '*': ['id'] } });
    expect(verdict(others, 'SELECT name FROM users')).toBe('pass');
    expect(verdict(others, 'SELECT name FROM orders')).toBe('sql.column');
  });
});

describe('wildcards', () => {
  const kind = compileKind(sqlKind, { wildcards: 'deny', statements: ['select', 'delete'] });

  test.each([
    'SELECT * FROM t',
    'SELECT t.* FROM t',
    'TABLE t',
    'SELECT id FROM (SELECT * FROM t) x',
    'SELECT t FROM t',
    'SELECT row_to_json(m) FROM monsters m',
    'SELECT (t.*)::text FROM t',
    'DELETE FROM t WHERE id = 1 RETURNING *',
  ])('refuses %s', (text) => {
    expect(verdict(kind, text)).toBe('sql.wildcard');
  });

  test.each(['SELECT count(*) FROM t', 'SELECT id FROM t WHERE EXISTS (SELECT * FROM u)', 'SELECT 2 * x FROM t'])(
    'passes %s',
    (text) => {
      expect(verdict(kind, text)).toBe('pass');
    },
  );
});

describe('limit', () => {
  const kind = compileKind(sqlKind, { limit: 100, statements: ['select', 'values', 'insert', 'delete', 'explain'] });

  test.each([
    'SELECT * FROM t LIMIT 0',
    'SELECT * FROM t OFFSET 5 LIMIT 100',
    'SELECT * FROM t FETCH NEXT ROW ONLY',
    '(SELECT * FROM t) LIMIT 3',
    'SELECT * FROM t ORDER BY x LIMIT 100 OFFSET $1',
    'SELECT 1 UNION SELECT 2 LIMIT 9',
    'VALUES (1), (2)',
    'EXPLAIN SELECT * FROM t LIMIT 3',
    'INSERT INTO t (a) VALUES (1), (2) RETURNING a',
    'INSERT INTO t DEFAULT VALUES RETURNING a',
    'DELETE FROM t WHERE id = 3',
  ])('passes %s', (text) => {
    expect(verdict(kind, text)).toBe('pass');
  });

  test.each([
    'SELECT * FROM t',
    'SELECT count(*) FROM t',
    'SELECT * FROM t LIMIT 101',
    'SELECT * FROM t LIMIT 99999999999999999999',
    'SELECT * FROM t LIMIT ALL',
    'SELECT * FROM t LIMIT NULL',
    'SELECT * FROM t LIMIT -1',
    'SELECT * FROM t LIMIT 1e2',
    "SELECT * FROM t LIMIT '1'",
    'SELECT * FROM t LIMIT 1::int',
    'SELECT * FROM t LIMIT 1 + 1',
    'SELECT * FROM t LIMIT $1',
    'SELECT * FROM t LIMIT (SELECT 1)',
    'SELECT * FROM t OFFSET 5',
    'SELECT * FROM t ORDER BY x FETCH FIRST 5 ROWS WITH TIES',
    'SELECT * FROM (SELECT * FROM t LIMIT 5) x',
    'WITH x AS (SELECT * FROM t LIMIT 5) SELECT * FROM x',
    '(SELECT * FROM t LIMIT 5) UNION ALL (SELECT * FROM t LIMIT 5)',
    'SELECT * FROM t -- LIMIT 5',
    "SELECT 'LIMIT 5' FROM t",
    'EXPLAIN ANALYZE SELECT * FROM t',
    'DELETE FROM t WHERE id > 3 RETURNING *',
    'INSERT INTO t SELECT * FROM u RETURNING *',
    `VALUES ${Array.from({ length: 101 }, () => '(1)').join(', ')}`,
  ])('refuses %s', (text) => {
    expect(verdict(kind, text)).toBe('sql.limit');
  });

  test.each([
    ['SELECT * FROM t', 'SELECT * FROM t LIMIT 100'],
    ['SELECT * FROM t; ', 'SELECT * FROM t LIMIT 100'],
    ['SELECT * FROM t -- all', 'SELECT * FROM t -- all\nLIMIT 100'],
    ["SELECT 'é' FROM t LIMIT 5000 OFFSET 3;", "SELECT 'é' FROM t LIMIT 100 OFFSET 3"],
    ['SELECT * FROM t FETCH FIRST 500 ROWS ONLY', 'SELECT * FROM t FETCH FIRST 100 ROWS ONLY'],
    ['SELECT * FROM t LIMIT $1', undefined],
  ])('near %j is %j', (text, near) => {
    const candidates = kind.repair(text);
    expect(candidates).toStrictEqual(near === undefined ? [] : [near]);
    for (const candidate of candidates) expect(passes(kind, candidate)).toBe(true);
  });
});

describe('conditions', () => {
  const kind = compileKind(sqlKind, {
    statements: ['select', 'update', 'delete', 'merge'],
    where: ['select', 'update', 'delete', 'merge'],
  });

  test.each([
    'true',
    '1 = 1',
    'NOT false',
    "'a' < 'b'",
    'id = id',
    't.id = id',
    'id IN (id)',
    'id BETWEEN id AND id',
    "name LIKE '%'",
    'id = 3 OR true',
    'id = 3 OR 1 = 1',
    'now() > $1',
    '(SELECT true)',
    'EXISTS (SELECT 1)',
    'EXISTS (SELECT 1 FROM t)',
    '$1',
  ])('%s picks no rows', (condition) => {
    expect(verdict(kind, `DELETE FROM t WHERE ${condition}`)).toBe('sql.where');
    expect(verdict(kind, `UPDATE t SET a = 1 WHERE ${condition}`)).toBe('sql.where');
    expect(verdict(kind, `SELECT * FROM t WHERE ${condition}`)).toBe('sql.where');
  });

  test.each([
    'id = 3',
    'id = $1',
    'active',
    'NOT active',
    'id = 3 AND true',
    'id = 3 OR id = 4',
    "name LIKE 'a%'",
    'id IN (1, 2)',
    'id IN (SELECT id FROM u)',
    'ended IS NOT NULL',
    'EXISTS (SELECT 1 FROM u WHERE u.id = t.id)',
    'lower(name) = $1',
  ])('%s picks rows', (condition) => {
    expect(verdict(kind, `DELETE FROM t WHERE ${condition}`)).toBe('pass');
    expect(verdict(kind, `SELECT * FROM t WHERE ${condition}`)).toBe('pass');
  });

  test('they are asked of each arm, of changes inside WITH, and of what MERGE joins', () => {
    expect(verdict(kind, 'SELECT 1 FROM t WHERE id = 1 UNION SELECT 2 FROM t')).toBe('sql.where');
    expect(verdict(kind, 'WITH d AS (DELETE FROM t) SELECT 1')).toBe('sql.where');
    expect(verdict(kind, 'MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE')).toBe('sql.where');
    expect(verdict(kind, 'MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE')).toBe('pass');
    expect(verdict(kind, 'SELECT 1')).toBe('pass');
  });

  test('they are asked of changes by default', () => {
    const plain = compileKind(sqlKind, { statements: ['select', 'delete'] });
    expect(verdict(plain, 'SELECT * FROM t')).toBe('pass');
    expect(verdict(plain, 'DELETE FROM t')).toBe('sql.where');
    expect(verdict(compileKind(sqlKind, { statements: ['delete'], where: [] }), 'DELETE FROM t')).toBe('pass');
  });
});

describe('changes that are more than one', () => {
  test('an insert that overwrites is an update as well', () => {
    const insert = compileKind(sqlKind, { statements: ['insert'] });
    expect(verdict(insert, 'INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING')).toBe('pass');
    expect(verdict(insert, 'INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1')).toBe('sql.statement');
    const both = compileKind(sqlKind, { statements: ['insert', 'update'] });
    expect(verdict(both, 'INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 1')).toBe('pass');
  });

  test('a merge is what its actions are', () => {
    const merge = compileKind(sqlKind, { statements: ['merge', 'update'] });
    expect(verdict(merge, 'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET b = 1')).toBe('pass');
    expect(verdict(merge, 'MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE')).toBe('sql.statement');
    expect(verdict(merge, 'MERGE INTO t USING u ON t.a = u.a WHEN NOT MATCHED THEN INSERT VALUES (1)')).toBe(
      'sql.statement',
    );
  });

  test('locks need update', () => {
    expect(verdict(compileKind(sqlKind, { statements: ['select', 'update'] }), 'SELECT * FROM t FOR UPDATE')).toBe(
      'pass',
    );
  });
});

describe('bounds', () => {
  const kind = compileKind(sqlKind, { maxLength: 65_536 });

  test.each([
    ['parentheses', (count: number) => `SELECT ${'('.repeat(count)}1${')'.repeat(count)}`],
    ['subqueries', (count: number) => `SELECT ${'(SELECT '.repeat(count)}1${')'.repeat(count)}`],
    ['derived tables', (count: number) => `SELECT 1 FROM ${'(SELECT 1 FROM '.repeat(count)}a${') x'.repeat(count)}`],
    ['signs', (count: number) => `SELECT ${'- '.repeat(count)}1`],
    ['sums', (count: number) => `SELECT 1${'+1'.repeat(count)}`],
    ['negations', (count: number) => `SELECT ${'NOT '.repeat(count)}true`],
    ['casts', (count: number) => `SELECT 1${'::int'.repeat(count)}`],
    ['unions', (count: number) => `SELECT 1${' UNION SELECT 1, 2'.repeat(count)}`],
    ['joins', (count: number) => `SELECT 1 FROM a${' JOIN a ON b AND c'.repeat(count)}`],
    ['cases', (count: number) => `SELECT ${'CASE WHEN a AND b THEN '.repeat(count)}1${' END'.repeat(count)}`],
    ['cases between keywords as names', (count: number) => `SELECT ${'(x.end + '.repeat(count)}1${')'.repeat(count)}`],
    ['arrays', (count: number) => `SELECT ${'ARRAY['.repeat(count)}1${']'.repeat(count)}`],
    ['calls', (count: number) => `SELECT ${'abs('.repeat(count)}1${')'.repeat(count)}`],
    ['named queries', (count: number) => `${'WITH a AS ('.repeat(count)}SELECT 1${') SELECT 1'.repeat(count)}`],
    ['operators in a run', (count: number) => `SELECT 1 ${'+'.repeat(count * 4)} 1`],
    ['comments in a run', (count: number) => `SELECT 1 ${'/**/'.repeat(count)}`],
    ['comments in comments', (count: number) => `SELECT 1 ${'/*'.repeat(count)}${'*/'.repeat(count)}`],
    ['strings that hold brackets', (count: number) => `SELECT ${"('(' || ".repeat(count)}1${')'.repeat(count)}`],
  ])('deep or long %s are refused before the parser sees them', (_, make) => {
    for (const dialect of ['postgres', 'sqlite']) {
      const bounded = compileKind(sqlKind, { dialect, maxLength: 65_536 });
      expect(['sql.bounds', 'sql.syntax', 'pass', 'sql.unsupported']).toContain(verdict(bounded, make(2000)));
      expect(verdict(bounded, 'SELECT 1')).toBe('pass');
    }
  });

  test('nesting that people write passes', () => {
    expect(
      verdict(kind, `SELECT * FROM t WHERE ${Array.from({ length: 800 }, (_, i) => `a = ${i}`).join(' OR ')}`),
    ).toBe('pass');
    expect(verdict(kind, `SELECT * FROM t WHERE a IN (${Array.from({ length: 4000 }, (_, i) => i).join(',')})`)).toBe(
      'pass',
    );
    expect(verdict(kind, `SELECT ${'('.repeat(30)}1${')'.repeat(30)} -- ${'-'.repeat(900)}`)).toBe('pass');
    expect(verdict(kind, `SELECT ${'CASE WHEN a > 1 AND b < 2 THEN '.repeat(12)}1${' END'.repeat(12)} FROM t`)).toBe(
      'pass',
    );
  });

  test.each([
    ['a NUL', 'SELECT 1\0; DROP TABLE t', 'sql.text'],
    ['a lone surrogate', "SELECT '\ud800'", 'sql.text'],
    ['a text that is too long', ' '.repeat(70_000), 'sql.length'],
    ['too many tokens', `SELECT ${'1,'.repeat(12_000)}1`, 'sql.bounds'],
    ['no statement', ' ; -- none', 'sql.empty'],
    ['a comment that does not end', 'SELECT 1 /* x', 'sql.syntax'],
    ['a string that does not end', "SELECT 'x", 'sql.syntax'],
    ['other language', 'rm -rf /', 'sql.syntax'],
    ['a meta-command', '\\! ls', 'sql.syntax'],
  ])('%s is not judged', (_, text, code) => {
    expect(verdict(kind, text)).toBe(code);
  });
});

describe('SQLite', () => {
  const reading = compileKind(sqlKind, { dialect: 'sqlite' });

  test.each([
    ["ATTACH DATABASE 'x.db' AS y", 'sql.statement'],
    ['DETACH y', 'sql.statement'],
    ['PRAGMA writable_schema = 1', 'sql.statement'],
    ["VACUUM INTO 'x.db'", 'sql.statement'],
    ['BEGIN', 'sql.statement'],
    ['SAVEPOINT s', 'sql.statement'],
    ['REINDEX', 'sql.statement'],
    ['ANALYZE', 'sql.statement'],
    ['CREATE TABLE t (a)', 'sql.statement'],
    ['CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END', 'sql.statement'],
    ['EXPLAIN QUERY PLAN DROP TABLE t', 'sql.statement'],
    ['EXPLAIN SELECT 1', 'sql.statement'],
    ['REPLACE INTO t VALUES (1)', 'sql.statement sql.statement'],
    ["SELECT load_extension('x')", 'sql.function'],
    ["SELECT LOAD_EXTENSION('x')", 'sql.function'],
    ['SELECT "load_extension"(1)', 'sql.function'],
    ["SELECT readfile('/etc/passwd')", 'sql.function'],
    ["SELECT writefile('x', 'y')", 'sql.function'],
    ['SELECT 1 WHERE fts3_tokenizer(1)', 'sql.function'],
    ["SELECT * FROM pragma_table_info('t')", 'sql.function'],
    ['SELECT * FROM pragma_database_list', 'sql.table'],
    ['SELECT * FROM sqlite_master', 'sql.table'],
    ['SELECT * FROM main.SQLITE_SCHEMA', 'sql.table'],
    ['SELECT * FROM "sqlite_master"', 'sql.table'],
    ['SELECT * FROM [sqlite_master]', 'sql.table'],
    ['SELECT * FROM dbstat', 'sql.table'],
    ['SELECT 1 WHERE 1 IN sqlite_master', 'sql.table'],
    ["SELECT 1 WHERE 1 IN pragma_table_list('x')", 'sql.function'],
    ['SELECT 1; DROP TABLE t', 'sql.multiple'],
    ['WITH c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c', 'sql.recursive'],
    ['WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM c) SELECT x FROM c', 'sql.recursive'],
    ['SELECT RAISE(IGNORE)', 'sql.unsupported'],
    ['SELECT 1 FOR UPDATE', 'sql.syntax'],
  ])('%s is not a statement that only reads', (text, code) => {
    expect(verdict(reading, text)).toBe(code);
  });

  test.each([
    'SELECT * FROM t, u LEFT JOIN v USING (id) WHERE a GLOB $x ORDER BY 1 LIMIT 5',
    "SELECT json_extract(doc, '$.a'), doc ->> 'b' FROM t, json_each(t.doc) WHERE json_each.key = 1",
    "SELECT date('now', '-1 day'), strftime('%Y', d), sum(x) FILTER (WHERE y) OVER (PARTITION BY z ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t",
    'WITH a AS (SELECT 1), b AS (SELECT * FROM a) SELECT * FROM b UNION ALL VALUES (1), (2)',
    'SELECT CASE x WHEN 1 THEN 2 END, x IS NOT NULL, x NOT BETWEEN 1 AND 2, CAST(x AS TEXT), (1, 2) = (3, 4), NOT EXISTS (SELECT 1) FROM (t JOIN u ON 1) AS j',
    'SELECT x FROM t INDEXED BY i WHERE x IN (1, 2) AND y IN u AND z IN (SELECT 1)',
  ])('passes %s', (text) => {
    expect(reading.check(text)).toStrictEqual([]);
  });

  test('limits, conditions and columns are judged as in PostgreSQL', () => {
    const kind = compileKind(sqlKind, {
      dialect: 'sqlite',
      statements: ['select', 'update', 'delete', 'insert'],
      tables: ['users', 'orders'],
      columns: { users: ['id', 'name'] },
      limit: 10,
    });
    expect(verdict(kind, 'SELECT id FROM users LIMIT 10')).toBe('pass');
    expect(verdict(kind, 'SELECT id FROM users LIMIT 100, 10')).toBe('pass');
    expect(verdict(kind, 'SELECT id FROM users LIMIT 10, 100')).toBe('sql.limit');
    expect(verdict(kind, 'SELECT id FROM users LIMIT -1')).toBe('sql.limit');
    expect(verdict(kind, 'SELECT id FROM users LIMIT 0xA')).toBe('sql.limit');
    expect(verdict(kind, 'SELECT id FROM USERS LIMIT 1')).toBe('pass');
    expect(verdict(kind, 'SELECT PASSWORD FROM Users LIMIT 1')).toBe('sql.column');
    expect(verdict(kind, 'SELECT [password] FROM users LIMIT 1')).toBe('sql.column');
    expect(verdict(kind, 'SELECT rowid FROM users LIMIT 1')).toBe('sql.column');
    expect(verdict(kind, 'SELECT 1 FROM orders WHERE 1 IN users LIMIT 1')).toBe('sql.column');
    expect(verdict(kind, 'DELETE FROM orders WHERE true')).toBe('sql.where');
    expect(verdict(kind, 'DELETE FROM orders WHERE id = 1')).toBe('pass');
    expect(verdict(kind, 'UPDATE orders SET x = 1')).toBe('sql.where');
    expect(verdict(kind, 'UPDATE OR REPLACE users SET password = 1 WHERE id = 1')).toBe('sql.column');
    expect(verdict(kind, 'INSERT INTO users DEFAULT VALUES')).toBe('pass');
    expect(kind.repair('SELECT id FROM users LIMIT 3, 500;')).toStrictEqual(['SELECT id FROM users LIMIT 3, 10']);
  });
});

describe('the canonical form', () => {
  const kind = compileKind(sqlKind, {});

  test.each([
    ['SELECT  *\nFROM Monsters -- all\n;', 'select * from monsters'],
    ["SELECT \"Name\", 'It''s' FROM t /* x */ WHERE A<>1", `select "Name" , 'It''s' from t where a <> 1`],
    ['SELECT $a$X$a$, E\'\\n\', U&"d\\0061t" FROM t', `select $a$X$a$ , E'\\n' , U&"d\\0061t" from t`],
  ])('of %j is %j', (text, canonical) => {
    expect(kind.canonical(text)).toBe(canonical);
    expect(kind.canonical(canonical)).toBe(canonical);
  });

  test('of a text that would become too long is the text', () => {
    const tight = compileKind(sqlKind, { maxLength: 12 });
    expect(tight.canonical('SELECT 1,2,3')).toBe('SELECT 1,2,3');
  });
});

describe('containment', () => {
  test.each([
    [{ limit: 10 }, { limit: 20 }, 'yes'],
    [{ limit: 20 }, { limit: 10 }, 'no'],
    [{}, { limit: 10 }, 'no'],
    [{ tables: ['a'] }, { tables: ['a', 'b'] }, 'yes'],
    [{ tables: ['a', 'b'] }, { tables: ['a'] }, 'no'],
    [{ tables: ['app.a', 'b_1'] }, { tables: ['app.*', 'b_*'] }, 'yes'],
    [{ tables: ['pg_class'] }, {}, 'no'],
    [{ tables: ['pg_catalog.*'] }, { tables: ['*.*'] }, 'no'],
    [{ tables: ['app.a', 'app.b'] }, { tables: ['app.a'] }, 'no'],
    [{ statements: ['select', 'delete'] }, {}, 'no'],
    [{}, { statements: ['select', 'delete'] }, 'yes'],
    [{ statements: ['select', 'show'] }, {}, 'no'],
    [{ statements: ['select', 'values'] }, {}, 'no'],
    [{ statements: ['select', 'explain'] }, {}, 'no'],
    [{ statements: ['merge'] }, {}, 'no'],
    [{ statements: ['update'], where: [] }, { statements: ['update'] }, 'no'],
    [{ statements: ['delete'], where: [] }, { statements: ['delete'] }, 'no'],
    [{}, { where: ['select'] }, 'no'],
    [{ where: ['select'] }, {}, 'yes'],
    [
      { statements: ['insert'], tables: ['a', 'b'] },
      { statements: ['insert'], tables: ['a', 'b'], writable: ['b'] },
      'no',
    ],
    [
      { statements: ['insert'], tables: ['a', 'b'], writable: ['b'] },
      { statements: ['insert'], tables: ['a', 'b'] },
      'yes',
    ],
    [{ columns: ['a'] }, {}, 'yes'],
    [{}, { columns: ['a'] }, 'no'],
    [{ columns: ['a', 'b'] }, { columns: ['a'] }, 'no'],
    [{ columns: { t: ['a', 'b'] } }, { columns: { t: ['a'] } }, 'no'],
    [{ columns: { t: ['a'] } }, { columns: { t: ['a', 'b'] } }, 'yes'],
    [{ columns: { t: ['a'], '*': ['c'] } }, { columns: { '*': ['a', 'c'] } }, 'yes'],
    [{ functions: ['f'] }, {}, 'no'],
    [{ functions: ['count'] }, {}, 'yes'],
    [{}, { standardFunctions: false }, 'no'],
    [{ standardFunctions: false }, {}, 'yes'],
    [{}, { wildcards: 'deny' }, 'no'],
    [{ wildcards: 'deny' }, {}, 'yes'],
    [{ recursive: true }, {}, 'no'],
    [{}, { parameters: false }, 'no'],
    [{ joins: 2 }, { joins: 1 }, 'no'],
    [{}, { joins: 1 }, 'no'],
    [{ joins: 1 }, { joins: 2 }, 'yes'],
    [{ maxLength: 200 }, { maxLength: 100 }, 'no'],
    [{ maxLength: 100 }, { maxLength: 200 }, 'yes'],
    [{ schema: 'public', tables: ['a'] }, { tables: ['a'] }, 'no'],
    [{ tables: ['a'] }, { schema: 'public', tables: ['a'] }, 'yes'],
    [{ tables: ['public.a'] }, { schema: 'public', tables: ['a'] }, 'yes'],
    [{ schema: 'app', tables: ['a'] }, { schema: 'public', tables: ['a'] }, 'no'],
    [{ dialect: 'sqlite' }, { dialect: 'sqlite', limit: 1 }, 'no'],
  ])('%j within %j: %s', (inner, outer, expected) => {
    const [one, other] = [compileKind(sqlKind, inner as never), compileKind(sqlKind, outer as never)];
    expect(one.isWithin(other)).toBe(expected);
  });

  test('of two dialects is refuted or not known', () => {
    const [one, other] = [compileKind(sqlKind, {}), compileKind(sqlKind, { dialect: 'sqlite' })];
    expect(one.isWithin(other)).not.toBe('yes');
    expect(other.isWithin(one)).not.toBe('yes');
  });
});

describe('specifications', () => {
  test.each([
    [{ tables: ['a b'] }, '/tables/0'],
    [{ tables: ['a', 'b.c.d'] }, '/tables/1'],
    [{ writable: ['"'] }, '/writable/0'],
    [{ columns: { 'a*': ['x'] } }, '/columns/a*'],
  ])('%j is reported at %s', (specification, place) => {
    const places: string[] = [];
    sqlKind.compile(sqlKind.specification.parse(specification), (pointer) => places.push(pointer));
    expect(places).toStrictEqual([place]);
  });

  test.each([
    { tables: [] },
    { statements: [] },
    { statements: ['drop'] },
    { limit: -1 },
    { dialect: 'oracle' },
    { x: 1 },
    { where: ['insert'] },
  ])('%j does not load', (specification) => {
    expect(sqlKind.specification.safeParse(specification).success).toBe(false);
  });
});

describe('any text', () => {
  const kinds: CompiledKind[] = [];
  beforeAll(() => {
    for (const dialect of ['postgres', 'sqlite']) {
      kinds.push(
        compileKind(sqlKind, {
          dialect,
          statements: ['select', 'insert', 'update', 'delete', 'explain'],
          columns: { t: ['id'] },
        }),
      );
    }
  });

  const words = fc.constantFrom(
    ...'SELECT FROM WHERE ( ) , * t u id secret = 1 AND OR NOT NULL WITH AS UNION JOIN ON USING LIMIT ; -- /* */ \' " $$ :: [ ] CASE WHEN THEN END DELETE INSERT INTO VALUES UPDATE SET RETURNING count EXISTS IN . ROW LATERAL FOR'.split(
      ' ',
    ),
  );

  test('gets the same answer each time, and a canonical form that stays', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(words, { maxLength: 25 }).map((list) => list.join(' ')),
          fc.array(fc.oneof(words, fc.string()), { maxLength: 12 }).map((list) => `SELECT ${list.join(' ')}`),
        ),
        (text) => {
          for (const kind of kinds) {
            const problems = kind.check(text);
            const canonical = kind.canonical(text);
            expect(kind.check(text)).toStrictEqual(problems);
            expect(canonical === undefined).toBe(problems.length > 0);
            if (canonical !== undefined) {
              expect(kind.check(canonical)).toStrictEqual([]);
              expect(kind.canonical(canonical)).toBe(canonical);
              expect(kind.resources?.(canonical)).toStrictEqual(kind.resources?.(text));
            }
          }
        },
      ),
      { numRuns: casesOr(700) },
    );
  });
});
