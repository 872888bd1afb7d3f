import type { ReportKindIssue } from '@callgate/policy';

import type { Dialect } from './dialect.ts';
import { foldAscii } from './fold.ts';
import { parseName, TablePatterns, type TableName } from './names.ts';
import { DEFAULT_MAX_LENGTH, type SqlSpecification, type SqlStatementKind } from './specification.ts';

/** A specification, ready to judge by. */
export interface Rules {
  readonly dialect: Dialect;
  readonly statements: ReadonlySet<SqlStatementKind>;
  /** Undefined: all but the system's. */
  readonly tables: TablePatterns | undefined;
  /** Undefined: as `tables`. */
  readonly writable: TablePatterns | undefined;
  readonly schema: string | undefined;
  readonly columns: ColumnRules;
  /** Names as written: `function` or `schema.function`. */
  readonly functions: ReadonlySet<string>;
  readonly standardFunctions: boolean;
  readonly limit: number | undefined;
  readonly where: ReadonlySet<string>;
  readonly wildcards: boolean;
  readonly joins: number | undefined;
  readonly recursive: boolean;
  readonly parameters: boolean;
  readonly maxLength: number;
}

/** The columns that may be named, by table. */
export interface ColumnRules {
  /** For tables that have no list of their own; undefined: all columns. */
  readonly others: ReadonlySet<string> | undefined;
  /** By the table's name without schema. */
  readonly byTable: ReadonlyMap<string, readonly TableColumns[]>;
}

export interface TableColumns {
  readonly schema: string | undefined;
  readonly columns: ReadonlySet<string>;
}

/** Compiles a specification; what is wrong with it is reported, and the result is then not used. */
export function compileRules(specification: SqlSpecification, dialect: Dialect, report: ReportKindIssue): Rules {
  const schema = specification.schema === undefined ? undefined : foldAscii(specification.schema);
  const patternsOf = (key: 'tables' | 'writable'): TablePatterns | undefined => {
    const names = specification[key];
    if (names === undefined) return undefined;
    const patterns = names.flatMap((name, index) => {
      const pattern = parseName(name, dialect);
      if (pattern === undefined) {
        report(
          `/${key}/${index}`,
          'a table: `table` or `schema.table`, quoted where it holds other characters',
          'another form',
        );
      }
      return pattern ?? [];
    });
    return new TablePatterns(patterns, dialect, schema);
  };
  return {
    dialect,
    statements: new Set(specification.statements ?? ['select']),
    tables: patternsOf('tables'),
    writable: patternsOf('writable'),
    schema,
    columns: compileColumns(specification.columns, dialect, schema, report),
    functions: new Set((specification.functions ?? []).map(foldAscii)),
    standardFunctions: specification.standardFunctions ?? true,
    limit: specification.limit,
    where: new Set(specification.where ?? ['update', 'delete']),
    wildcards: specification.wildcards !== 'deny',
    joins: specification.joins,
    recursive: specification.recursive ?? false,
    parameters: specification.parameters ?? true,
    maxLength: specification.maxLength ?? DEFAULT_MAX_LENGTH,
  };
}

function compileColumns(
  columns: SqlSpecification['columns'],
  dialect: Dialect,
  schema: string | undefined,
  report: ReportKindIssue,
): ColumnRules {
  const namesOf = (list: readonly string[]): ReadonlySet<string> =>
    new Set(list.map((name) => parseName(name, dialect)?.name.text ?? foldAscii(name)));
  if (columns === undefined) return { others: undefined, byTable: new Map() };
  if (isList(columns)) return { others: namesOf(columns), byTable: new Map() };
  const byTable = new Map<string, TableColumns[]>();
  for (const [table, list] of Object.entries(columns)) {
    if (table === '*') continue;
    const pattern = parseName(table, dialect);
    if (pattern === undefined || pattern.name.isGlob || pattern.schema?.isGlob === true) {
      report(
        `/columns/${table.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        'a table: `table`, `schema.table` or `*`',
        'another form',
      );
      continue;
    }
    const name = qualify(dialect, schema, pattern.schema?.text, pattern.name.text);
    const entries = byTable.get(name.name) ?? [];
    entries.push({ schema: name.schema, columns: namesOf(list) });
    byTable.set(name.name, entries);
  }
  const others = columns['*'];
  return { others: others === undefined ? undefined : namesOf(others), byTable };
}

function isList(columns: NonNullable<SqlSpecification['columns']>): columns is readonly string[] {
  return Array.isArray(columns);
}

/** A table with the schema that it is in, where that is known. */
export function qualify(
  dialect: Dialect,
  known: string | undefined,
  schema: string | undefined,
  name: string,
): TableName {
  return { schema: dialect.systemSchemaOf(schema, name) ?? schema ?? known, name };
}

/**
 * The columns of a table that may be named; undefined: all. Where the schema is not known on one side, a list is about every table of
 * that name: it may be the one that is meant.
 */
export function columnsOf(rules: Rules, table: TableName): ReadonlySet<string> | undefined {
  const { byTable, others } = rules.columns;
  const lists = (byTable.get(table.name) ?? []).filter(
    ({ schema }) => schema === undefined || table.schema === undefined || schema === table.schema,
  );
  const [first, ...rest] = lists;
  if (first === undefined) return others;
  if (rest.length === 0) return first.columns;
  const shared = [...first.columns].filter((name) => rest.every(({ columns }) => columns.has(name)));
  return new Set(shared);
}

export function isFunctionAllowed(rules: Rules, qualifiers: readonly string[], name: string): boolean {
  const isSystem =
    qualifiers.length === 0 || (rules.dialect.name === 'postgres' && qualifiers.join('.') === 'pg_catalog');
  if (isSystem && rules.standardFunctions && rules.dialect.functions.has(name)) return true;
  return rules.functions.has([...qualifiers, name].join('.'));
}

/** Whether a table may be named. */
export function isTableAllowed(rules: Rules, table: TableName): boolean {
  if (rules.tables !== undefined) return rules.tables.matches(table);
  return rules.dialect.systemSchemaOf(table.schema, table.name) === undefined;
}
