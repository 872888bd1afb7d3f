import type * as LibPgQuery from 'libpg-query';

import type { Dialect, Reading, Unread } from '../dialect.ts';
import { lexicalBounds, type LexicalLimits, type Lexis } from '../lexical-bounds.ts';
import type { Query, Statement } from '../model.ts';
import { DepthGuard, UnsupportedSyntax } from '../unsupported.ts';
import { translateExpression } from './expressions.ts';
import { POSTGRES_FUNCTIONS } from './functions.ts';
import { readQuery } from './queries.ts';
import { readStatement } from './statements.ts';
import { postgresTokens } from './tokens.ts';
import { statementTitle } from './titles.ts';
import type { Translator } from './translator.ts';
import { fieldsOf, listOf, open } from './tree.ts';

type Parser = typeof LibPgQuery;

let parser: Parser | undefined;

/** Loads PostgreSQL's own parser, compiled to WebAssembly. */
export async function loadPostgres(): Promise<void> {
  if (parser !== undefined) return;
  const loading = await import('libpg-query');
  await loading.loadModule();
  parser = loading;
}

export function isPostgresLoaded(): boolean {
  return parser !== undefined;
}

const LEXIS: Lexis = { nestedComments: true, dollarQuotes: true, bracketNames: false };

// The parser's tree is written out by a recursive function: measured, it survives 1,000 nested selects and no 2,000. Tokens bound time:
// measured, a statement takes about 1 µs a token. Its scanner reads runs of operators again for each: 2 ns a character squared.
const MAX_NESTING = 500;
const MAX_TOKENS = 10_000;
const LIMITS: LexicalLimits = { tokens: MAX_TOKENS, nesting: MAX_NESTING };
const MAX_OPERATORS = 4_000_000;
/** No text this short exceeds a bound. */
const SHORT = 400;
const MAX_DEPTH = 400;

const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['information_schema', 'pg_catalog', 'pg_toast']);

export const postgres: Dialect = {
  name: 'postgres',
  title: 'PostgreSQL',
  functions: POSTGRES_FUNCTIONS,
  hasRowNames: true,
  read,
  tokens: (text) => (parser === undefined ? undefined : postgresTokens(parser, text)),
  systemSchemaOf,
};

/** pg_catalog is searched before the path, and all its tables are named `pg_…`. */
function systemSchemaOf(schema: string | undefined, table: string): string | undefined {
  if (schema === undefined) return table.startsWith('pg_') ? 'pg_catalog' : undefined;
  return SYSTEM_SCHEMAS.has(schema) || schema.startsWith('pg_') ? schema : undefined;
}

function read(text: string): Reading {
  try {
    return readOne(text);
  } catch (error) {
    if (error instanceof UnsupportedSyntax) return { code: 'sql.unsupported', verdict: 'fail', got: error.what };
    return { code: 'sql.syntax', verdict: 'error', got: `text that ${postgres.title} cannot parse` };
  }
}

function readOne(text: string): Reading {
  if (parser === undefined) return { code: 'sql.syntax', verdict: 'error', got: 'text before the parser was loaded' };
  if (text.trim() === '') return { code: 'sql.empty', verdict: 'fail', got: 'no statement' };
  const exceeded = exceedsBounds(text);
  if (exceeded !== undefined) return exceeded;
  const statements = listOf(fieldsOf(parser.parseSync(text))['stmts']);
  const [first] = statements;
  if (first === undefined) return { code: 'sql.empty', verdict: 'fail', got: 'no statement' };
  if (statements.length > 1) return { code: 'sql.multiple', verdict: 'fail', got: `${statements.length} statements` };
  const { stmt, stmt_location: start, stmt_len: length } = fieldsOf(first);
  const translator = createTranslator(text);
  const statement = readStatement(stmt, translator);
  if (statement === undefined)
    return { code: 'sql.statement', verdict: 'fail', got: `a statement of ${statementTitle(open(stmt)[0])}` };
  const end =
    typeof length === 'number' ? translator.place((typeof start === 'number' ? start : 0) + length) : undefined;
  return { statement, end: end ?? text.length };
}

function exceedsBounds(text: string): Unread | undefined {
  if (text.length <= SHORT) return undefined;
  const { tokens, nesting, operators } = lexicalBounds(text, LEXIS, LIMITS);
  const got =
    nesting > MAX_NESTING
      ? 'a statement that nests too deep'
      : tokens > MAX_TOKENS
        ? `more than ${MAX_TOKENS} tokens`
        : operators > MAX_OPERATORS
          ? 'long runs of operator characters'
          : undefined;
  return got === undefined ? undefined : { code: 'sql.bounds', verdict: 'error', got };
}

function createTranslator(text: string): Translator {
  const guard = new DepthGuard(MAX_DEPTH);
  const translator: Translator = {
    expression: (node) => guard.down(() => translateExpression(node, translator)),
    query: (node) => guard.down(() => queryOf(node, translator)),
    statement: (node) => guard.down(() => statementOf(node, translator)),
    deeper: (step) => guard.down(step),
    place: (location) => (typeof location === 'number' && location >= 0 ? codeUnitAt(text, location) : undefined),
  };
  return translator;
}

function queryOf(node: unknown, translator: Translator): Query {
  const [tag, fields] = open(node);
  if (tag !== 'SelectStmt') throw new UnsupportedSyntax(`${tag} in place of a query`);
  return readQuery(fields, translator);
}

function statementOf(node: unknown, translator: Translator): Statement {
  const statement = readStatement(node, translator);
  if (statement === undefined) throw new UnsupportedSyntax(`${statementTitle(open(node)[0])} inside a statement`);
  return statement;
}

/** The place in UTF-16 code units of a place in bytes of UTF-8. */
function codeUnitAt(text: string, byte: number): number {
  let bytes = 0;
  let index = 0;
  while (bytes < byte && index < text.length) {
    const point = text.codePointAt(index) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_00_00 ? 3 : 4;
    index += point < 0x1_00_00 ? 1 : 2;
  }
  return index;
}
