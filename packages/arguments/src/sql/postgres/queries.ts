import type { Compound, Expression, Limit, NamedQuery, Output, Query, With } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { readSource } from './sources.ts';
import type { Translator } from './translator.ts';
import { expectFields, fieldsOf, listOf, nameOf, open, stringsOf, textOf, type Fields } from './tree.ts';

const SELECT_FIELDS: ReadonlySet<string> = new Set([
  'distinctClause',
  'intoClause',
  'targetList',
  'fromClause',
  'whereClause',
  'groupClause',
  'groupDistinct',
  'havingClause',
  'windowClause',
  'valuesLists',
  'sortClause',
  'limitOffset',
  'limitCount',
  'limitOption',
  'lockingClause',
  'withClause',
  'op',
  'all',
  'larg',
  'rarg',
]);

/** Translates the members of a `SelectStmt`, which is also `VALUES`, `TABLE` and every set operation. */
export function readQuery(fields: Fields, translator: Translator): Query {
  expectFields('SelectStmt', fields, SELECT_FIELDS);
  const parts = {
    with: readWith(fields['withClause'], translator),
    orderBy: listOf(fields['sortClause']).map((item) => translator.expression(item)),
    limit: readLimit(fields, translator),
    locks: listOf(fields['lockingClause']).length > 0,
  };
  if (fields['op'] !== 'SETOP_NONE') {
    const { limit, orderBy, locks } = parts;
    return { kind: 'compound', with: parts.with, limit, orderBy, locks, arms: readArms(fields, translator) };
  }
  if (fields['valuesLists'] !== undefined) {
    const rows = listOf(fields['valuesLists']).map((row) => {
      const [tag, list] = open(row);
      if (tag !== 'List') throw new UnsupportedSyntax(`${tag} in place of a row`);
      return listOf(list['items']).map((item) => translator.expression(item));
    });
    return { kind: 'values', ...parts, rows };
  }
  return {
    kind: 'select',
    ...parts,
    outputs: listOf(fields['targetList']).map((item) => readOutput(item, translator)),
    from: listOf(fields['fromClause']).map((item) => readSource(item, translator)),
    where: optional(fields['whereClause'], translator),
    rest: [
      ...readDistinct(fields['distinctClause'], translator),
      ...listOf(fields['groupClause']).map((item) => translator.expression(item)),
      ...[fields['havingClause']].filter((item) => item !== undefined).map((item) => translator.expression(item)),
      ...listOf(fields['windowClause']).map((item) => translator.expression(item)),
    ],
    into: fields['intoClause'] !== undefined,
  };
}

export function optional(node: unknown, translator: Translator): Expression | undefined {
  return node === undefined ? undefined : translator.expression(node);
}

/** The arms of a chain such as `a UNION b UNION c`, which the tree nests to the left: unnested, as chains can be long. */
function readArms(fields: Fields, translator: Translator): Compound['arms'] {
  const arms: Query[] = [];
  let left = fields;
  for (;;) {
    const right = fieldsOf(left['rarg']);
    arms.push(translator.deeper(() => readQuery(right, translator)));
    const next = fieldsOf(left['larg']);
    if (!isPlainCompound(next)) {
      arms.push(translator.deeper(() => readQuery(next, translator)));
      return arms.toReversed();
    }
    expectFields('SelectStmt', next, SELECT_FIELDS);
    left = next;
  }
}

/** Whether a set operation has nothing of its own beside its two sides. */
function isPlainCompound(fields: Fields): boolean {
  return fields['op'] !== 'SETOP_NONE' && Object.keys(fields).every((name) => PLAIN.has(name));
}

const PLAIN: ReadonlySet<string> = new Set(['op', 'all', 'larg', 'rarg', 'limitOption']);

/** `DISTINCT` alone is a list of one empty node. */
function readDistinct(value: unknown, translator: Translator): readonly Expression[] {
  return listOf(value)
    .filter((item) => typeof item === 'object' && item !== null && Object.keys(item).length > 0)
    .map((item) => translator.expression(item));
}

function readLimit(fields: Fields, translator: Translator): Limit | undefined {
  const offset = optional(fields['limitOffset'], translator);
  const count = optional(fields['limitCount'], translator);
  if (offset === undefined && count === undefined) return undefined;
  const isLiteral = count?.kind === 'constant' && typeof count.value === 'bigint';
  return {
    // `LIMIT ALL` and `LIMIT NULL`.
    count: count?.kind === 'constant' && count.value === null ? undefined : count,
    offset,
    ties: fields['limitOption'] !== 'LIMIT_OPTION_COUNT' && fields['limitOption'] !== 'LIMIT_OPTION_DEFAULT',
    at: isLiteral ? translator.place(open(fields['limitCount'])[1]['location']) : undefined,
  };
}

const OUTPUT_FIELDS: ReadonlySet<string> = new Set(['name', 'val', 'location']);

export function readOutput(node: unknown, translator: Translator): Output {
  const [tag, fields] = open(node);
  if (tag !== 'ResTarget') throw new UnsupportedSyntax(`${tag} in place of a column`);
  expectFields(tag, fields, OUTPUT_FIELDS);
  const expression = translator.expression(fields['val']);
  return {
    expression,
    name: textOf(fields['name']) ?? (expression.kind === 'column' ? expression.name : undefined),
  };
}

const WITH_FIELDS: ReadonlySet<string> = new Set(['ctes', 'recursive', 'location']);
const NAMED_FIELDS: ReadonlySet<string> = new Set([
  'ctename',
  'aliascolnames',
  'ctematerialized',
  'ctequery',
  'search_clause',
  'cycle_clause',
  'location',
]);

export function readWith(value: unknown, translator: Translator): With | undefined {
  if (value === undefined) return undefined;
  const fields = fieldsOf(value);
  expectFields('WithClause', fields, WITH_FIELDS);
  return {
    scope: fields['recursive'] === true ? 'all' : 'earlier',
    queries: listOf(fields['ctes']).map((node) => readNamed(node, translator)),
  };
}

function readNamed(node: unknown, translator: Translator): NamedQuery {
  const [tag, fields] = open(node);
  if (tag !== 'CommonTableExpr') throw new UnsupportedSyntax(`${tag} in place of a named query`);
  expectFields(tag, fields, NAMED_FIELDS);
  const search = fields['search_clause'] === undefined ? {} : fieldsOf(fields['search_clause']);
  const cycle = fields['cycle_clause'] === undefined ? {} : fieldsOf(fields['cycle_clause']);
  return {
    name: nameOf(fields['ctename']),
    columns: stringsOf(fields['aliascolnames']),
    body: translator.statement(fields['ctequery']),
    rest: [cycle['cycle_mark_value'], cycle['cycle_mark_default']]
      .filter((value) => value !== undefined)
      .map((value) => translator.expression(value)),
    added: [search['search_seq_column'], cycle['cycle_mark_column'], cycle['cycle_path_column']].filter(
      (name): name is string => typeof name === 'string',
    ),
  };
}
