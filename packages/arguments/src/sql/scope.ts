import type { NamedQuery } from './model.ts';
import type { TableName } from './names.ts';

/** What a name of `FROM` stands for. */
export type Named =
  | { readonly kind: 'table'; readonly table: TableName; readonly columns: ReadonlySet<string> | undefined }
  | { readonly kind: 'rows' };

/** The names that one level of a statement adds to those around it. */
export class Scope {
  readonly around: Scope | undefined;
  /** By alias, or by name where there is none. */
  readonly names: Map<string, Named> = new Map();
  /** The column lists of all tables here that have one. */
  readonly restricted: Set<ReadonlySet<string>> = new Set();
  /** Columns that surely belong to a derived table here. */
  readonly derived: Set<string> = new Set();

  constructor(around: Scope | undefined) {
    this.around = around;
  }

  addTable(alias: string, table: TableName, columns: ReadonlySet<string> | undefined): void {
    this.names.set(alias, { kind: 'table', table, columns });
    if (columns !== undefined) this.restricted.add(columns);
  }

  addRows(alias: string | undefined, columns: Iterable<string>): void {
    if (alias !== undefined) this.names.set(alias, { kind: 'rows' });
    for (const column of columns) this.derived.add(column);
  }

  find(name: string): Named | undefined {
    for (const scope of outward<Scope>(this)) {
      const found = scope.names.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The column lists that a name without a table must be in: of all tables that it may belong to. */
  *listsFor(column: string): Iterable<ReadonlySet<string>> {
    for (const scope of outward<Scope>(this)) {
      // The database refuses a name that two tables of one level have.
      if (scope.derived.has(column)) return;
      yield* scope.restricted;
    }
  }
}

/** The queries that `WITH` has named, innermost first. */
export class NamedQueries {
  readonly around: NamedQueries | undefined;
  private readonly byName = new Map<string, { readonly index: number; columns: ReadonlySet<string> }>();
  /** The number of the query being judged. */
  private current = Number.POSITIVE_INFINITY;

  constructor(around: NamedQueries | undefined) {
    this.around = around;
  }

  add(query: NamedQuery, index: number): void {
    this.byName.set(query.name, { index, columns: new Set(query.columns) });
  }

  begin(index: number): void {
    this.current = index;
  }

  end(query: NamedQuery, columns: ReadonlySet<string>): void {
    const entry = this.byName.get(query.name);
    if (entry !== undefined && query.columns.length === 0) entry.columns = new Set([...columns, ...query.added]);
  }

  done(): void {
    this.current = Number.POSITIVE_INFINITY;
  }

  /** A query by name, and whether naming it here is recursive. */
  find(name: string): { readonly columns: ReadonlySet<string>; readonly isRecursive: boolean } | undefined {
    for (const queries of outward<NamedQueries>(this)) {
      const found = queries.byName.get(name);
      if (found !== undefined) return { columns: found.columns, isRecursive: found.index >= queries.current };
    }
    return undefined;
  }
}

/** A level and those around it, innermost first. */
export function* outward<Level extends { readonly around: Level | undefined }>(innermost: Level): Iterable<Level> {
  for (let level: Level | undefined = innermost; level !== undefined; level = level.around) yield level;
}
