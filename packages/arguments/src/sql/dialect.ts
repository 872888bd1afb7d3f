import type { Statement } from './model.ts';
import type { SqlProblemCode } from './codes.ts';

/** The dialects of `kind: sql`. */
export type SqlDialect = 'postgres' | 'sqlite';

/** A statement that a parser understood, or why there is none. */
export type Reading = ReadStatement | Unread;

export interface ReadStatement {
  readonly statement: Statement;
  /** Where the statement ends in the text, in UTF-16 code units: before a `;`. */
  readonly end: number;
}

export interface Unread {
  readonly code: SqlProblemCode;
  readonly verdict: 'fail' | 'error';
  /** The shape of what came. */
  readonly got: string;
  readonly hint?: string;
}

/** What differs between databases: the parser, and what they have built in. */
export interface Dialect {
  readonly name: SqlDialect;
  /** As written for people. */
  readonly title: string;
  /** Functions that read nothing but their arguments and change nothing. */
  readonly functions: ReadonlySet<string>;
  /** Whether the name of a table, written as a column, is a whole row of it. */
  readonly hasRowNames: boolean;
  /** Reads the one statement of a text. Never throws. */
  read(text: string): Reading;
  /** The tokens of a text without comments, unquoted words in lower case; undefined where they cannot be told. */
  tokens(text: string): readonly string[] | undefined;
  /** The system's schema that a name is looked up in, whatever the search path says; undefined for an ordinary table. */
  systemSchemaOf(schema: string | undefined, table: string): string | undefined;
}
