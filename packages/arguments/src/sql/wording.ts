import type { Rules } from './rules.ts';
import type { SqlSpecification, SqlStatementKind } from './specification.ts';

/** How many of a list are named before it is cut. */
const MOST_NAMES = 8;

/** The words for what a specification allows. Nothing in them comes from a value. */
export class Wording {
  readonly expected: string;
  readonly limit: string;
  readonly limitHint: string;
  readonly tables: string;
  readonly tablesHint: string | undefined;
  readonly writable: string;
  readonly columns: string;
  readonly columnsHint: string | undefined;
  readonly functions: string;
  readonly functionsHint: string;
  readonly joins: string;
  readonly where: string;
  readonly whereHint: string;
  readonly statementHint: string;

  constructor(specification: SqlSpecification, rules: Rules) {
    const { title } = rules.dialect;
    const kinds = [...rules.statements].map((kind) => kind.toUpperCase());
    const isReading = [...rules.statements].every((kind) => READING.has(kind));
    const one = isReading ? `one read-only ${title} statement` : `one ${title} statement`;
    const onTables = specification.tables === undefined ? '' : ` on ${list(specification.tables)}`;
    const withLimit = rules.limit === undefined ? '' : ` with a LIMIT of at most ${rules.limit}`;
    this.expected = `${one} (${join(kinds)})${onTables}${withLimit}`;
    this.statementHint = `send one ${join(kinds)} statement`;
    this.limit = `a statement with a LIMIT of at most ${rules.limit ?? 0}, written as a number`;
    this.limitHint = `add a LIMIT of at most ${rules.limit ?? 0}, at the end of the statement`;
    this.tables =
      specification.tables === undefined
        ? 'a statement on no table of the system'
        : `a statement on ${list(specification.tables)} only`;
    this.tablesHint =
      specification.tables === undefined ? undefined : `name no table but ${list(specification.tables)}`;
    this.writable =
      specification.writable === undefined ? '' : `a statement that changes ${list(specification.writable)} only`;
    const columns = isList(specification.columns) ? list(specification.columns) : 'the allowed columns';
    this.columns = `a statement that names ${columns} only`;
    this.columnsHint = isList(specification.columns)
      ? `name no column but ${columns}`
      : 'put the table before each column, and name allowed columns only';
    this.functions =
      specification.functions === undefined
        ? 'a statement with common functions that only read'
        : `a statement with common functions and ${list(specification.functions)} only`;
    this.functionsHint = 'use common functions without side effects only, and leave others out';
    this.joins = `a statement with at most ${rules.joins ?? 0} joins`;
    this.where = `a statement with a WHERE on a column`;
    this.whereHint = 'add a WHERE that picks the rows by a column';
  }

  title(kind: SqlStatementKind): string {
    return `a statement of ${kind.toUpperCase()}`;
  }
}

const READING: ReadonlySet<SqlStatementKind> = new Set<SqlStatementKind>(['select', 'values', 'explain', 'show']);

function isList(columns: SqlSpecification['columns']): columns is readonly string[] {
  return Array.isArray(columns);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => `\`${name}\``);
  return names.length > MOST_NAMES ? `${shown.join(', ')}, …` : join(shown);
}

function join(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}
