import type { Dialect } from './dialect.ts';
import type { Statement } from './model.ts';

/**
 * The text of a statement with one space between tokens, without comments, with words that are not quoted in lower case. Undefined
 * where that text would not be understood as the same statement.
 */
export function canonicalText(text: string, statement: Statement, dialect: Dialect): string | undefined {
  const tokens = tokensOf(text, dialect);
  if (tokens === undefined) return undefined;
  const canonical = tokens.join(' ');
  if (canonical === text) return canonical;
  const reading = dialect.read(canonical);
  return 'statement' in reading && isSame(reading.statement, statement) ? canonical : undefined;
}

function tokensOf(text: string, dialect: Dialect): readonly string[] | undefined {
  try {
    return dialect.tokens(text);
  } catch {
    return undefined;
  }
}

function isSame(left: Statement, right: Statement): boolean {
  return JSON.stringify(left, comparable) === JSON.stringify(right, comparable);
}

/** Without places in the text. */
function comparable(key: string, value: unknown): unknown {
  if (key === 'at') return undefined;
  return typeof value === 'bigint' ? `${value}n` : value;
}
