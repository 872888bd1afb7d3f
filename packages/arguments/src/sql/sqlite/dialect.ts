import type * as Sqlite3Parser from 'sqlite3-parser';
import type { Stmt } from 'sqlite3-parser';

import type { Dialect, Reading } from '../dialect.ts';
import { foldAscii } from '../fold.ts';
import { lexicalBounds, type LexicalLimits, type Lexis } from '../lexical-bounds.ts';
import { DepthGuard, UnsupportedSyntax } from '../unsupported.ts';
import { translateExpression } from './expressions.ts';
import { SQLITE_FUNCTIONS } from './functions.ts';
import { readQuery } from './queries.ts';
import { readStatement } from './statements.ts';
import type { Translator } from './translator.ts';

type Parser = typeof Sqlite3Parser;

let parser: Parser | undefined;

/** Loads a parser made from SQLite's own grammar. */
export async function loadSqlite(): Promise<void> {
  parser ??= await import('sqlite3-parser');
}

export function isSqliteLoaded(): boolean {
  return parser !== undefined;
}

const LEXIS: Lexis = { nestedComments: false, dollarQuotes: false, bracketNames: true };
const MAX_NESTING = 500;
const MAX_TOKENS = 10_000;
const LIMITS: LexicalLimits = { tokens: MAX_TOKENS, nesting: MAX_NESTING };
const SHORT = 400;
const MAX_DEPTH = 400;

/** Virtual tables that exist without being created, and tell about the database or files rather than hold data. */
const SYSTEM_TABLES: ReadonlySet<string> = new Set([
  'bytecode',
  'completion',
  'dbstat',
  'fsdir',
  'json_each',
  'json_tree',
  'jsonb_each',
  'jsonb_tree',
  'tables_used',
  'wholenumber',
  'zipfile',
]);
const SYSTEM_NAME = /^(?:sqlite|pragma)_/u;

export const sqlite: Dialect = {
  name: 'sqlite',
  title: 'SQLite',
  functions: SQLITE_FUNCTIONS,
  hasRowNames: false,
  read,
  tokens,
  // They exist in every schema.
  systemSchemaOf: (_, table) => (SYSTEM_NAME.test(table) || SYSTEM_TABLES.has(table) ? 'sqlite' : undefined),
};

function read(text: string): Reading {
  try {
    return readOne(text);
  } catch (error) {
    if (error instanceof UnsupportedSyntax) return { code: 'sql.unsupported', verdict: 'fail', got: error.what };
    return { code: 'sql.syntax', verdict: 'error', got: `text that ${sqlite.title} cannot parse` };
  }
}

function readOne(text: string): Reading {
  if (parser === undefined) return { code: 'sql.syntax', verdict: 'error', got: 'text before the parser was loaded' };
  if (text.length > SHORT) {
    const { tokens: count, nesting } = lexicalBounds(text, LEXIS, LIMITS);
    if (nesting > MAX_NESTING) return { code: 'sql.bounds', verdict: 'error', got: 'a statement that nests too deep' };
    if (count > MAX_TOKENS) return { code: 'sql.bounds', verdict: 'error', got: `more than ${MAX_TOKENS} tokens` };
  }
  const result = parser.parse(text);
  if (result.status !== 'ok')
    return { code: 'sql.syntax', verdict: 'error', got: `text that ${sqlite.title} cannot parse` };
  const [first, ...others] = result.root.cmds;
  if (first === undefined) return { code: 'sql.empty', verdict: 'fail', got: 'no statement' };
  if (others.length > 0) return { code: 'sql.multiple', verdict: 'fail', got: `${others.length + 1} statements` };
  const statement = readStatement(first, createTranslator());
  if (statement === undefined)
    return { code: 'sql.statement', verdict: 'fail', got: `a statement of ${titleOf(first)}` };
  return { statement, end: first.span.offset + first.span.length };
}

function titleOf(node: Stmt): string {
  const inner = node.type === 'ExplainStmt' ? node.stmt : node;
  return inner.type
    .replace(/Stmt$/u, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/gu, ' ')
    .toUpperCase();
}

function createTranslator(): Translator {
  const guard = new DepthGuard(MAX_DEPTH);
  const translator: Translator = {
    expression: (node) => guard.down(() => translateExpression(node, translator)),
    query: (node) => guard.down(() => readQuery(node, translator)),
    deeper: (step) => guard.down(step),
  };
  return translator;
}

const WORD = /^[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*$/u;

/** The tokens of a text without comments and the `;` after it, words that are not quoted in lower case. */
function tokens(text: string): readonly string[] | undefined {
  if (parser === undefined) return undefined;
  const result = parser.parse(text, { emitTokens: true });
  const found = (result.tokens ?? []).map((token) => token.text).filter((token) => token !== '');
  while (found.at(-1) === ';') found.pop();
  return found.map((token) => (WORD.test(token) ? foldAscii(token) : token));
}
