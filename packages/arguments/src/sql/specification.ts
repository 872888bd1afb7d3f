import * as z from 'zod';

import { flag, specification, texts, whole, word } from '../internal/specification.ts';
import type { SqlDialect } from './dialect.ts';

/** The sorts of statements that a specification can allow. Definitions, transactions, settings and the like cannot be allowed. */
export const STATEMENT_KINDS = ['select', 'values', 'insert', 'update', 'delete', 'merge', 'explain', 'show'] as const;

export type SqlStatementKind = (typeof STATEMENT_KINDS)[number];

/** Statements that `where` can be asked of. */
const CONDITIONED = ['select', 'update', 'delete', 'merge'] as const;

/** What `kind: sql` allows; see docs/reference/kinds/sql.md. Every key is optional, and none widens what it is not about. */
export interface SqlSpecification {
  readonly dialect?: SqlDialect;
  readonly statements?: readonly SqlStatementKind[];
  readonly tables?: readonly string[];
  readonly writable?: readonly string[];
  readonly schema?: string;
  readonly columns?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  readonly functions?: readonly string[];
  readonly standardFunctions?: boolean;
  readonly limit?: number;
  readonly where?: readonly (typeof CONDITIONED)[number][];
  readonly wildcards?: 'allow' | 'deny';
  readonly joins?: number;
  readonly recursive?: boolean;
  readonly parameters?: boolean;
  readonly maxLength?: number;
}

export const DEFAULT_MAX_LENGTH = 16_384;
const LARGEST_MAX_LENGTH = 65_536;

const COLUMNS = 'names of columns, or a list of them for each table';

export const sqlSchema: z.ZodObject & z.ZodType<SqlSpecification> = specification({
  dialect: word('postgres', 'sqlite').describe('Whose language it is, default `postgres`.').exactOptional(),
  statements: words('kinds of statements', STATEMENT_KINDS)
    .min(1, { error: 'at least one kind of statement' })
    .describe('The kinds of statements allowed, default `[select]`. What a statement contains counts as well.')
    .exactOptional(),
  tables: texts('a table: `table`, `schema.table`, `*` for any characters')
    .describe('The tables and views that may be named, default all but those of the system.')
    .exactOptional(),
  writable: texts('a table: `table`, `schema.table`, `*` for any characters')
    .describe('The tables that may be changed, default all of `tables`.')
    .exactOptional(),
  schema: z
    .string({ error: 'the name of a schema' })
    .regex(/^[^\s.*"]+$/u, { error: 'the name of a schema' })
    .describe(
      'The schema of tables that are named without one, where it is known. Makes `t` and `schema.t` the same table.',
    )
    .exactOptional(),
  columns: z
    .union([texts('a column'), z.record(z.string(), texts('a column'), { error: COLUMNS })], { error: COLUMNS })
    .describe(
      'The columns that may be named, in all tables or for each; default all. `"*"` stands for the tables not named.',
    )
    .exactOptional(),
  functions: texts('a function: `function` or `schema.function`')
    .describe('Functions allowed beside the standard ones.')
    .exactOptional(),
  standardFunctions: flag()
    .describe('Whether the built-in functions without side effects are allowed, default `true`.')
    .exactOptional(),
  limit: whole(0)
    .describe('The most rows that a select may return: it must have a `LIMIT` of at most this, written as a number.')
    .exactOptional(),
  where: words('kinds of statements', CONDITIONED)
    .describe('The statements that must have a condition on a column, default `[update, delete]`.')
    .exactOptional(),
  wildcards: word('allow', 'deny').describe('Whether `*` may stand for all columns, default `allow`.').exactOptional(),
  joins: whole(0, 1000).describe('The most joins in a statement, default no limit.').exactOptional(),
  recursive: flag().describe('Whether a query of `WITH` may use itself, default `false`.').exactOptional(),
  parameters: flag().describe('Whether placeholders such as `$1` may occur, default `true`.').exactOptional(),
  maxLength: whole(1, LARGEST_MAX_LENGTH)
    .describe(`The longest text, in UTF-16 code units, default ${DEFAULT_MAX_LENGTH}.`)
    .exactOptional(),
});

function words<const Words extends readonly [string, ...string[]]>(
  expected: string,
  options: Words,
): z.ZodArray<z.ZodEnum<{ [Word in Words[number]]: Word }>> {
  return z.array(word(...options), { error: `a list of ${expected}` });
}
