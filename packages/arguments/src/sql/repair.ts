import type { ReadStatement } from './dialect.ts';
import type { Limit, Statement } from './model.ts';

/** Texts like this one with a `LIMIT` that is low enough: one that is added, or the number of one that is there replaced. */
export function withLimit(text: string, reading: ReadStatement, limit: number): readonly string[] {
  const found = limitOf(reading.statement);
  const body = text.slice(0, reading.end).trimEnd();
  if (found === undefined || (found.count === undefined && found.at === undefined)) {
    // A comment at the end of a line would swallow what follows it.
    return [`${body}${body.includes('--') ? '\n' : ' '}LIMIT ${limit}`];
  }
  if (found.at === undefined) return [];
  const digits = /^\d+/u.exec(text.slice(found.at))?.[0];
  return digits === undefined
    ? []
    : [`${text.slice(0, found.at)}${limit}${text.slice(found.at + digits.length, reading.end)}`];
}

function limitOf(statement: Statement): Limit | undefined {
  switch (statement.kind) {
    case 'select':
    case 'values':
    case 'compound':
      return statement.limit;
    case 'explain':
      return limitOf(statement.statement);
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
    case 'show':
      return undefined;
  }
}
