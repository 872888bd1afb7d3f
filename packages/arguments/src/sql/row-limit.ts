import type { Delete, Insert, Merge, Query, Update } from './model.ts';

/** What is wrong with the number of rows that a query may return; undefined where it is at most `limit`. */
export function limitProblem(query: Query, limit: number): string | undefined {
  if (query.limit?.count === undefined) {
    const isShort = query.kind === 'values' && query.rows.length <= limit;
    return isShort ? undefined : 'a select without a LIMIT';
  }
  const { count, ties } = query.limit;
  if (ties) return 'a LIMIT that ties exceed';
  if (count.kind !== 'constant' || typeof count.value !== 'bigint') return 'a LIMIT that is no plain number';
  if (count.value < 0n) return 'a LIMIT below zero';
  return count.value > BigInt(limit) ? `a LIMIT above ${limit}` : undefined;
}

/** What is wrong with the rows that a change returns: nothing bounds them but the rows that an insert writes out. */
export function returningProblem(change: Insert | Update | Delete | Merge, limit: number): string | undefined {
  if (change.returning.length === 0) return undefined;
  if (change.kind === 'insert') {
    if (change.source === undefined) return limit >= 1 ? undefined : 'a RETURNING';
    if (limitProblem(change.source, limit) === undefined) return undefined;
  }
  return 'a RETURNING that no LIMIT bounds';
}
