/**
 * A statement in the terms that all dialects share: what it does and names, nothing of how it is written. The parsers' trees are
 * translated into this, and only this is judged. What has no translation is refused.
 *
 * Names are as the database compares them: the parser has folded and unquoted them.
 */
export type Statement = Query | Insert | Update | Delete | Merge | Explain | Show;

/** What may be read from: a select, rows written out, or several of them combined. */
export type Query = Select | Values | Compound;

interface QueryParts {
  readonly with: With | undefined;
  readonly orderBy: readonly Expression[];
  readonly limit: Limit | undefined;
  /** Locks the rows it reads: `FOR UPDATE`, `FOR SHARE`, … */
  readonly locks: boolean;
}

export interface Select extends QueryParts {
  readonly kind: 'select';
  readonly outputs: readonly Output[];
  readonly from: readonly Source[];
  readonly where: Expression | undefined;
  /** `DISTINCT ON`, `GROUP BY`, `HAVING`, named windows. */
  readonly rest: readonly Expression[];
  /** Creates a table of what it reads: `SELECT … INTO`. */
  readonly into: boolean;
}

export interface Values extends QueryParts {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expression[])[];
}

/** `UNION`, `INTERSECT`, `EXCEPT`. */
export interface Compound extends QueryParts {
  readonly kind: 'compound';
  readonly arms: readonly Query[];
}

export interface With {
  /** Which names a query of the list can use: those before it, or all, its own among them. */
  readonly scope: 'earlier' | 'all';
  readonly queries: readonly NamedQuery[];
}

export interface NamedQuery {
  readonly name: string;
  readonly columns: readonly string[];
  readonly body: Statement;
  /** Of `SEARCH` and `CYCLE`. */
  readonly rest: readonly Expression[];
  /** Columns that `SEARCH` and `CYCLE` add. */
  readonly added: readonly string[];
}

export interface Limit {
  /** Undefined: all rows. */
  readonly count: Expression | undefined;
  readonly offset: Expression | undefined;
  /** May return more rows than counted: `WITH TIES`. */
  readonly ties: boolean;
  /** Where the literal count is written, in UTF-16 code units; undefined where it is no literal or its place is not known. */
  readonly at: number | undefined;
}

/** One item of a select list or of `RETURNING`. */
export interface Output {
  readonly expression: Expression;
  readonly name: string | undefined;
}

export interface Table {
  readonly kind: 'table';
  /** What stands before the name, outermost first. */
  readonly qualifiers: readonly string[];
  readonly name: string;
  readonly alias: string | undefined;
  /** New names for its columns. */
  readonly columns: readonly string[];
}

/** What stands in `FROM`. */
export type Source = Table | Derived | Computed | Join;

export interface Derived {
  readonly kind: 'derived';
  /** Can use what stands before it. */
  readonly lateral: boolean;
  readonly query: Query;
  readonly alias: string | undefined;
  readonly columns: readonly string[];
}

/** Rows that an expression returns: table functions, `XMLTABLE`, … */
export interface Computed {
  readonly kind: 'computed';
  readonly parts: readonly Expression[];
  readonly alias: string | undefined;
  readonly columns: readonly string[];
}

export interface Join {
  readonly kind: 'join';
  readonly left: Source;
  /** Undefined: no second source, but a sample or an alias of the first. */
  readonly right: Source | undefined;
  readonly natural: boolean;
  readonly using: readonly string[];
  readonly on: Expression | undefined;
  readonly alias: string | undefined;
  readonly columns: readonly string[];
}

export interface Assignment {
  readonly columns: readonly string[];
  readonly value: Expression | undefined;
}

interface ChangeParts {
  readonly with: With | undefined;
  readonly table: Table;
  readonly returning: readonly Output[];
}

export interface Insert extends ChangeParts {
  readonly kind: 'insert';
  /** Undefined: all columns, in their order. */
  readonly columns: readonly string[] | undefined;
  /** Undefined: default values. */
  readonly source: Query | undefined;
  /** May change rows that are there: `ON CONFLICT DO UPDATE`, `OR REPLACE`. */
  readonly overwrites: boolean;
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  readonly targets: readonly Expression[];
  readonly assignments: readonly Assignment[];
  readonly where: Expression | undefined;
}

export interface Update extends ChangeParts {
  readonly kind: 'update';
  readonly assignments: readonly Assignment[];
  readonly from: readonly Source[];
  readonly where: Expression | undefined;
  /** Of dialects where a change has `ORDER BY` and `LIMIT`. */
  readonly rest: readonly Expression[];
}

export interface Delete extends ChangeParts {
  readonly kind: 'delete';
  readonly from: readonly Source[];
  readonly where: Expression | undefined;
  readonly rest: readonly Expression[];
}

export interface Merge extends ChangeParts {
  readonly kind: 'merge';
  readonly source: Source;
  readonly on: Expression;
  readonly actions: readonly MergeAction[];
}

export interface MergeAction {
  readonly kind: 'insert' | 'update' | 'delete' | 'nothing';
  readonly condition: Expression | undefined;
  /** For `insert`: undefined means all columns. */
  readonly columns: readonly string[] | undefined;
  readonly assignments: readonly Assignment[];
}

export interface Explain {
  readonly kind: 'explain';
  readonly statement: Statement;
}

/** Reads a setting. */
export interface Show {
  readonly kind: 'show';
}

export type Expression = Column | Star | Constant | Parameter | Call | Subquery | Logic | Comparison | Composite;

/** A name that is a column, or a whole row where it is the name of a table. */
export interface Column {
  readonly kind: 'column';
  readonly qualifiers: readonly string[];
  readonly name: string;
}

/** All columns: `*`, `m.*`. */
export interface Star {
  readonly kind: 'star';
  readonly qualifiers: readonly string[];
}

export interface Constant {
  readonly kind: 'constant';
  /** Undefined: of a type that is not told apart. A whole number is a `bigint`. */
  readonly value: string | bigint | boolean | null | undefined;
}

export interface Parameter {
  readonly kind: 'parameter';
}

/** A function by name, in whatever notation. */
export interface Call {
  readonly kind: 'call';
  readonly qualifiers: readonly string[];
  readonly name: string;
  readonly parts: readonly Expression[];
}

export interface Subquery {
  readonly kind: 'query';
  readonly query: Query;
  /** Asks only whether there is a row. */
  readonly exists: boolean;
  /** What is compared with the rows. */
  readonly parts: readonly Expression[];
}

export interface Logic {
  readonly kind: 'logic';
  readonly operator: 'and' | 'or' | 'not';
  readonly parts: readonly Expression[];
}

/** An operator between two values that can hold for all rows: `=`, `<=`, `LIKE`, … */
export interface Comparison {
  readonly kind: 'comparison';
  readonly pattern: boolean;
  readonly left: Expression;
  readonly right: Expression;
}

/** Everything whose parts are all that matters. */
export interface Composite {
  readonly kind: 'composite';
  readonly parts: readonly Expression[];
}
