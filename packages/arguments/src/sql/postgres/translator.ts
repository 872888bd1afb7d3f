import type { Expression, Query, Statement } from '../model.ts';

/** What the parts of the translation need of one another. Each step is counted, so that none nests without end. */
export interface Translator {
  expression(node: unknown): Expression;
  /** A node that must be a query. */
  query(node: unknown): Query;
  statement(node: unknown): Statement;
  /** Runs a step of another sort one level deeper. */
  deeper<Result>(step: () => Result): Result;
  /** From the parser's place of a token, in bytes of UTF-8, to UTF-16 code units; undefined where it is not known. */
  place(location: unknown): number | undefined;
}
