import { Draft } from './draft.ts';
import type { Rules } from './rules.ts';

const MOST_SAMPLES = 64;
const MOST_PROBES = 128;
/** How many tables, columns and functions of a specification are tried. */
const MOST_OF_EACH = 24;

/** Functions that specifications are likely to differ in. */
const FUNCTIONS = [
  'count',
  'lower',
  'max',
  'now',
  'date',
  'pg_sleep',
  'nextval',
  'version',
  'load_extension',
  'changes',
] as const;

/** Statements that should pass, plain ones first; those that do not are dropped by the caller. */
export function samplesOf(rules: Rules): readonly string[] {
  const draft = new Draft(rules);
  const tables = draft.tables().slice(0, MOST_OF_EACH);
  const [first] = tables;
  return unique(
    [
      ...tables.map((table) => draft.select(table)),
      draft.select(undefined),
      ...(first === undefined ? [] : [draft.select(first, { where: `${draft.column(first)} = 1` })]),
      ...(rules.limit === undefined ? [] : [draft.select(first, { limit: Math.min(1, rules.limit) })]),
      ...otherStatements(rules, draft),
    ],
    MOST_SAMPLES,
  );
}

/** Statements at and beyond what the specification bounds. */
export function probesOf(rules: Rules): readonly string[] {
  const draft = new Draft(rules);
  const [first = 'example'] = draft.tables();
  const column = draft.column(first);
  return unique(
    [
      ...samplesOf(rules),
      ...limitProbes(rules, draft, first),
      ...otherStatements(rules, draft),
      draft.select('a_table_that_is_not_listed'),
      draft.select('public.example'),
      ...(rules.schema === undefined ? [] : [draft.select(`${rules.schema}.${first}`)]),
      draft.select(rules.dialect.name === 'postgres' ? 'pg_catalog.pg_class' : 'sqlite_schema'),
      draft.select(first, { output: '*' }),
      draft.select(first, { output: 'a_column_that_is_not_listed' }),
      draft.select(first, { where: '' }),
      draft.select(first, { where: `${column} = ${column}` }),
      draft.select(first, { where: `${column} = ${rules.dialect.name === 'postgres' ? '$1' : '?1'}` }),
      draft.select(first, { after: 'FOR UPDATE' }),
      ...columnProbes(rules, draft),
      ...functionProbes(rules, draft, first),
      ...joinProbes(rules, draft, first),
      recursiveProbe(rules),
      ...lengthProbes(rules, draft, first),
      `${draft.select(first)}; ${draft.select(first)}`,
      'SELECT',
      '',
    ],
    MOST_PROBES,
  );
}

function otherStatements(rules: Rules, draft: Draft): readonly string[] {
  const [first = 'example'] = draft.tables();
  const writable = draft.writableTables().slice(0, MOST_OF_EACH);
  const [target = first] = writable;
  return [
    'VALUES (1)',
    ...(rules.dialect.name === 'postgres' ? ['SHOW server_version'] : []),
    `EXPLAIN ${draft.select(first)}`,
    ...writable.flatMap((table) => [draft.insert(table), draft.update(table), draft.delete(table)]),
    draft.insert(first),
    draft.update(target, ''),
    draft.delete(target, ''),
    ...(rules.dialect.name === 'postgres' ? [draft.merge(target), draft.merge(target, 'true')] : []),
    `${draft.insert(target)} RETURNING 1`,
  ];
}

function limitProbes(rules: Rules, draft: Draft, table: string): readonly string[] {
  const limits = rules.limit === undefined ? [1_000_000] : [rules.limit, rules.limit + 1, 0];
  return [draft.select(table, { limit: '' }), ...limits.map((limit) => draft.select(table, { limit }))];
}

function columnProbes(rules: Rules, draft: Draft): readonly string[] {
  const { others, byTable } = rules.columns;
  const [first = 'example'] = draft.tables();
  const shared = [...(others ?? [])].slice(0, MOST_OF_EACH).map((name) => draft.select(first, { output: `"${name}"` }));
  const own = [...byTable].flatMap(([table, lists]) =>
    lists.flatMap(({ schema, columns }) => {
      const name = schema === undefined || schema === rules.schema ? `"${table}"` : `"${schema}"."${table}"`;
      return [...columns].slice(0, 8).map((column) => draft.select(name, { output: `"${column}"`, where: '' }));
    }),
  );
  return [...shared, ...own.slice(0, MOST_OF_EACH)];
}

function functionProbes(rules: Rules, draft: Draft, table: string): readonly string[] {
  const listed = [...rules.functions].slice(0, MOST_OF_EACH);
  return [...listed, ...FUNCTIONS].map((name) => draft.select(table, { output: `${name}(1)` }));
}

function joinProbes(rules: Rules, draft: Draft, table: string): readonly string[] {
  const output = '1';
  const joined = (count: number): string =>
    Array.from({ length: count }, (_, index) => ` CROSS JOIN (SELECT 1) AS j${index}`).join('');
  const counts = rules.joins === undefined ? [1, 20] : [rules.joins, rules.joins + 1];
  return counts.filter((count) => count <= 40).map((count) => draft.select(table, { output, joined: joined(count) }));
}

function recursiveProbe(rules: Rules): string {
  const limit = rules.limit === undefined ? '' : ` LIMIT ${rules.limit}`;
  const where = rules.where.has('select') ? ' WHERE n = 1' : '';
  return `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r${where}${limit}`;
}

/** One text of exactly the length allowed, and one that is longer by one. */
function lengthProbes(rules: Rules, draft: Draft, table: string): readonly string[] {
  const text = draft.select(table);
  const padding = rules.maxLength - text.length;
  return padding < 0 ? [] : [`${text}${' '.repeat(padding)}`, `${text}${' '.repeat(padding + 1)}`];
}

function unique(texts: readonly string[], most: number): readonly string[] {
  return [...new Set(texts)].slice(0, most);
}
