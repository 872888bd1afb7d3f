import type { FromClause, OneSelect, ResultColumn, Select, SelectTable, With as WithNode } from 'sqlite3-parser';

import { foldAscii } from '../fold.ts';
import type { Limit, Output, Query, Source, Values, With } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import { readSorted, readWindow } from './expressions.ts';
import type { Translator } from './translator.ts';

/** Translates a select with all that surrounds it. */
export function readQuery(node: Select, translator: Translator): Query {
  const parts = {
    with: readWith(node.with, translator),
    orderBy: readSorted(node.orderBy, translator),
    limit: readLimit(node.limit, translator),
    locks: false,
  };
  if (node.compounds === undefined || node.compounds.length === 0) return readOne(node.select, parts, translator);
  const arms = [node.select, ...node.compounds.map((arm) => arm.select)];
  return { kind: 'compound', ...parts, arms: arms.map((arm) => readOne(arm, NO_PARTS, translator)) };
}

type Parts = Pick<Values, 'with' | 'orderBy' | 'limit' | 'locks'>;

const NO_PARTS: Parts = { with: undefined, orderBy: [], limit: undefined, locks: false };

function readOne(node: OneSelect, parts: Parts, translator: Translator): Query {
  if (node.type === 'SelectValues') {
    const rows = node.values.map((row) => row.values.map((value) => translator.expression(value)));
    return { kind: 'values', ...parts, rows };
  }
  return {
    kind: 'select',
    ...parts,
    outputs: readOutputs(node.columns, translator),
    from: readFrom(node.from, translator),
    where: node.whereClause === undefined ? undefined : translator.expression(node.whereClause),
    rest: [
      ...(node.groupBy ?? []).map((item) => translator.expression(item)),
      ...(node.having === undefined ? [] : [translator.expression(node.having)]),
      ...(node.windowClause ?? []).flatMap((item) => readWindow(item.window, translator)),
    ],
    into: false,
  };
}

/**
 * Translates `WITH`. Each of its queries can use all their names; one that uses its own is recursive, whether `RECURSIVE` is written or
 * not.
 */
export function readWith(node: WithNode | undefined, translator: Translator): With | undefined {
  if (node === undefined) return undefined;
  return {
    scope: 'all',
    queries: node.ctes.map((query) => ({
      name: foldAscii(query.tblName.text),
      columns: (query.columns ?? []).map((column) => foldAscii(column.colName.text)),
      body: translator.query(query.select),
      rest: [],
      added: [],
    })),
  };
}

function readLimit(node: Select['limit'], translator: Translator): Limit | undefined {
  if (node === undefined) return undefined;
  const count = translator.expression(node.expr);
  const isLiteral = count.kind === 'constant' && typeof count.value === 'bigint';
  return {
    count,
    offset: node.offset === undefined ? undefined : translator.expression(node.offset),
    ties: false,
    at: isLiteral ? node.expr.span.offset : undefined,
  };
}

export function readOutputs(columns: readonly ResultColumn[] | undefined, translator: Translator): readonly Output[] {
  return (columns ?? []).map((column) => readOutput(column, translator));
}

function readOutput(column: ResultColumn, translator: Translator): Output {
  switch (column.type) {
    case 'StarResultColumn':
      return { expression: { kind: 'star', qualifiers: [] }, name: undefined };
    case 'TableStarResultColumn':
      return { expression: { kind: 'star', qualifiers: [foldAscii(column.table.text)] }, name: undefined };
    case 'ExprResultColumn': {
      const expression = translator.expression(column.expr);
      const alias = column.alias === undefined ? undefined : foldAscii(column.alias.name.text);
      return { expression, name: alias ?? (expression.kind === 'column' ? expression.name : undefined) };
    }
  }
  throw new UnsupportedSyntax('an unknown column');
}

/** The items of `FROM`: what commas separate, each a table or a chain of joins. */
export function readFrom(node: FromClause | undefined, translator: Translator): readonly Source[] {
  if (node?.select === undefined) return [];
  const sources = [readTable(node.select, translator)];
  for (const { operator, table, constraint } of node.joins ?? []) {
    const right = readTable(table, translator);
    const isComma = operator.type === 'CommaJoinOperator';
    const left = isComma && constraint === undefined ? undefined : sources.pop();
    if (left === undefined) sources.push(right);
    else {
      sources.push({
        kind: 'join',
        left,
        right,
        natural: operator.type === 'TypedJoinJoinOperator' && ((operator.joinType ?? 0) & NATURAL) !== 0,
        using: constraint?.type === 'UsingJoinConstraint' ? constraint.columns.map((name) => foldAscii(name.text)) : [],
        on: constraint?.type === 'OnJoinConstraint' ? translator.expression(constraint.expr) : undefined,
        alias: undefined,
        columns: [],
      });
    }
  }
  return sources;
}

/** The bit of `JoinType.NATURAL`. */
const NATURAL = 4;

function readTable(node: SelectTable, translator: Translator): Source {
  const alias = node.alias === undefined ? undefined : foldAscii(node.alias.name.text);
  switch (node.type) {
    case 'TableSelectTable':
      return { kind: 'table', ...readQualified(node.tblName), alias, columns: [] };
    case 'TableCallSelectTable': {
      const { qualifiers, name } = readQualified(node.tblName);
      const parts = (node.args ?? []).map((part) => translator.expression(part));
      return {
        kind: 'computed',
        parts: [{ kind: 'call', qualifiers, name, parts }],
        alias: alias ?? name,
        columns: [],
      };
    }
    case 'SelectSelectTable':
      return { kind: 'derived', lateral: false, query: translator.query(node.select), alias, columns: [] };
    case 'SubSelectTable':
      return readGroup(
        translator.deeper(() => readFrom(node.from, translator)),
        alias,
      );
  }
  throw new UnsupportedSyntax('an unknown table');
}

/** `(a, b JOIN c)` as one source. */
function readGroup(sources: readonly Source[], alias: string | undefined): Source {
  const [first, ...others] = sources;
  if (first === undefined) throw new UnsupportedSyntax('an empty FROM');
  let group: Source = first;
  for (const right of others) group = plainJoin(group, right, undefined);
  return alias === undefined ? group : plainJoin(group, undefined, alias);
}

function plainJoin(left: Source, right: Source | undefined, alias: string | undefined): Source {
  return { kind: 'join', left, right, natural: false, using: [], on: undefined, alias, columns: [] };
}

export function readQualified(node: {
  readonly dbName: { readonly text: string } | undefined;
  readonly objName: { readonly text: string };
}): { readonly qualifiers: readonly string[]; readonly name: string } {
  return {
    qualifiers: node.dbName === undefined ? [] : [foldAscii(node.dbName.text)],
    name: foldAscii(node.objName.text),
  };
}
