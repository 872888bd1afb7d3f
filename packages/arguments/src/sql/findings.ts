import type { KindProblem, NamedResource } from '@callgate/policy';

import type { SqlProblemCode } from './codes.ts';
import { tableKey, type TableName } from './names.ts';

/** A contract of kinds: no more problems than this. */
const MAX_PROBLEMS = 16;

/** What judging a statement finds. */
export class Findings {
  private readonly problems = new Map<string, KindProblem>();
  private readonly named = new Map<string, NamedResource>();

  /** Notes that something is refused. The same problem is noted once. */
  refuse(code: SqlProblemCode, expected: string, got: string, hint?: string): void {
    const key = `${code} ${expected} ${got}`;
    if (this.problems.size >= MAX_PROBLEMS || this.problems.has(key)) return;
    this.problems.set(key, {
      code,
      verdict: 'fail',
      pointer: '',
      expected,
      got,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Notes a table that the statement names. */
  name(table: TableName): void {
    const name = tableKey(table).toLowerCase();
    this.named.set(name, { type: 'table', name });
  }

  list(): readonly KindProblem[] {
    return [...this.problems.values()];
  }

  resources(): readonly NamedResource[] {
    return [...this.named.values()];
  }
}
