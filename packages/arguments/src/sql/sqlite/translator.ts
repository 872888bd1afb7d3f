import type { Expr, Select } from 'sqlite3-parser';

import type { Expression, Query } from '../model.ts';

/** What the parts of the translation need of one another. Each step is counted, so that none nests without end. */
export interface Translator {
  expression(node: Expr): Expression;
  query(node: Select): Query;
  deeper<Result>(step: () => Result): Result;
}
