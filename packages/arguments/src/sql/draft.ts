import type { NamePattern } from './names.ts';
import { columnsOf, qualify, type Rules } from './rules.ts';

/** Writes statements that fit a specification, but for what is changed on purpose. */
export class Draft {
  private readonly rules: Rules;

  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** Tables as a statement would name them: those of the specification, `*` filled in. */
  tables(): readonly string[] {
    return this.namesOf(this.rules.tables?.patterns);
  }

  writableTables(): readonly string[] {
    return this.rules.writable === undefined ? this.tables() : this.namesOf(this.rules.writable.patterns);
  }

  private namesOf(patterns: readonly NamePattern[] | undefined): readonly string[] {
    if (patterns === undefined) return ['example'];
    return patterns.map(({ schema, name }) => {
      const own = quoted(name.text.replaceAll('*', 'example'));
      // Names without a schema are found in the one that is known.
      if (schema === undefined || schema.text === this.rules.schema || isSystem(schema.text)) return own;
      return `${quoted(schema.text.replaceAll('*', 'example'))}.${own}`;
    });
  }

  /** A column of a table that may be named. */
  column(table: string): string {
    const [schema, name] = table.includes('.') ? table.split('.') : [undefined, table];
    const plain = (text: string | undefined): string | undefined => text?.replaceAll('"', '');
    const allowed = columnsOf(
      this.rules,
      qualify(this.rules.dialect, this.rules.schema, plain(schema), plain(name) ?? ''),
    );
    return quoted([...(allowed ?? ['id'])][0] ?? 'id');
  }

  /** What is selected: a column where columns are listed, else what needs none. */
  output(table: string): string {
    const { others, byTable } = this.rules.columns;
    if (others !== undefined || byTable.size > 0) return this.column(table);
    return this.rules.wildcards ? '*' : '1';
  }

  select(table: string | undefined, changes: SelectChanges = {}): string {
    const output = changes.output ?? (table === undefined ? '1' : this.output(table));
    const from = table === undefined ? '' : ` FROM ${table}${changes.joined ?? ''}`;
    const needsWhere = this.rules.where.has('select') && table !== undefined;
    const where = changes.where ?? (needsWhere ? `${this.column(table)} = 1` : undefined);
    const limit = changes.limit === undefined ? this.rules.limit : changes.limit;
    return [
      `SELECT ${output}${from}`,
      ...(where === undefined || where === '' ? [] : [`WHERE ${where}`]),
      ...(limit === undefined || limit === '' ? [] : [`LIMIT ${limit}`]),
      ...(changes.after === undefined ? [] : [changes.after]),
    ].join(' ');
  }

  insert(table: string): string {
    return `INSERT INTO ${table} (${this.column(table)}) VALUES (1)`;
  }

  update(table: string, where = `${this.column(table)} = 1`): string {
    return `UPDATE ${table} SET ${this.column(table)} = 2${where === '' ? '' : ` WHERE ${where}`}`;
  }

  delete(table: string, where = `${this.column(table)} = 1`): string {
    return `DELETE FROM ${table}${where === '' ? '' : ` WHERE ${where}`}`;
  }

  merge(table: string, on = `target.${this.column(table)} = source.example`): string {
    return `MERGE INTO ${table} AS target USING (SELECT 1 AS example) AS source ON ${on} WHEN MATCHED THEN DO NOTHING`;
  }
}

export interface SelectChanges {
  readonly output?: string;
  /** Behind the first table: joins. */
  readonly joined?: string;
  readonly where?: string;
  /** `''`: none. */
  readonly limit?: number | string;
  readonly after?: string;
}

function isSystem(schema: string): boolean {
  return schema === 'sqlite';
}

/** A name as a statement must write it. */
function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/u.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Words that tables and columns are named, and that both dialects take for keywords. */
const RESERVED: ReadonlySet<string> = new Set([
  'all',
  'as',
  'case',
  'check',
  'collate',
  'column',
  'constraint',
  'create',
  'default',
  'desc',
  'distinct',
  'end',
  'for',
  'foreign',
  'from',
  'group',
  'having',
  'in',
  'index',
  'limit',
  'offset',
  'on',
  'or',
  'order',
  'primary',
  'references',
  'select',
  'table',
  'to',
  'transaction',
  'union',
  'unique',
  'user',
  'values',
  'when',
  'where',
  'with',
]);
