import type {
  Expr,
  FrameBound,
  FunctionCallOrder,
  FunctionTail,
  InTableExpr,
  NumericLiteral,
  Operator,
  SortedColumn,
  Window,
} from 'sqlite3-parser';

import { foldAscii } from '../fold.ts';
import type { Expression } from '../model.ts';
import { UnsupportedSyntax } from '../unsupported.ts';
import type { Translator } from './translator.ts';

/** Translates one expression. */
export function translateExpression(node: Expr, translator: Translator): Expression {
  const one = (part: Expr): Expression => translator.expression(part);
  switch (node.type) {
    case 'Id':
      return readName(foldAscii(node.name));
    case 'NameExpr':
      return { kind: 'column', qualifiers: [], name: foldAscii(node.name.text) };
    case 'QualifiedExpr':
      return {
        kind: 'column',
        qualifiers: [node.schema, node.table].flatMap((name) => (name === undefined ? [] : [foldAscii(name.text)])),
        name: foldAscii(node.column.text),
      };
    case 'VariableExpr':
      return { kind: 'parameter' };
    case 'NumericLiteral':
      return { kind: 'constant', value: wholeNumber(node) };
    case 'StringLiteral':
      return { kind: 'constant', value: node.value };
    case 'NullLiteral':
      return { kind: 'constant', value: null };
    case 'BlobLiteral':
    case 'KeywordLiteral':
    case 'CurrentDateLiteral':
    case 'CurrentTimeLiteral':
    case 'CurrentTimestampLiteral':
      return { kind: 'constant', value: undefined };
    case 'FunctionCallExpr':
      return {
        kind: 'call',
        qualifiers: [],
        name: foldAscii(node.name.name),
        parts: [
          ...(node.args ?? []).map(one),
          ...readCallOrder(node.orderBy, translator),
          ...readTail(node.filterOver, translator),
        ],
      };
    case 'FunctionCallStarExpr':
      return {
        kind: 'call',
        qualifiers: [],
        name: foldAscii(node.name.name),
        parts: readTail(node.filterOver, translator),
      };
    case 'BinaryExpr':
      return readBinary(node.left, node.op, node.right, translator);
    case 'LikeExpr':
      return node.escape === undefined && (node.op === 'Like' || node.op === 'Glob')
        ? { kind: 'comparison', pattern: true, left: one(node.lhs), right: one(node.rhs) }
        : composite([node.lhs, node.rhs, node.escape], translator);
    case 'UnaryExpr':
      return node.op === 'Not'
        ? { kind: 'logic', operator: 'not', parts: [one(node.expr)] }
        : composite([node.expr], translator);
    case 'BetweenExpr':
      return composite([node.lhs, node.start, node.end], translator);
    case 'CaseExpr':
      return composite(
        [node.base, ...node.whenThenPairs.flatMap((pair) => [pair.when, pair.then]), node.elseExpr],
        translator,
      );
    case 'CastExpr':
    case 'CollateExpr':
    case 'IsNullExpr':
    case 'NotNullExpr':
      return composite([node.expr], translator);
    case 'ParenthesizedExpr': {
      const [only] = node.exprs;
      return node.exprs.length === 1 && only !== undefined ? one(only) : composite(node.exprs, translator);
    }
    case 'InListExpr':
      return composite([node.lhs, ...(node.rhs ?? [])], translator);
    case 'InSelectExpr':
      return { kind: 'query', query: translator.query(node.rhs), exists: false, parts: [one(node.lhs)] };
    case 'InTableExpr':
      return readInTable(node, translator);
    case 'ExistsExpr':
      return { kind: 'query', query: translator.query(node.select), exists: true, parts: [] };
    case 'SubqueryExpr':
      return { kind: 'query', query: translator.query(node.select), exists: false, parts: [] };
    case 'RaiseExpr':
      throw new UnsupportedSyntax('RAISE');
  }
  // A parser of another version may know more.
  throw new UnsupportedSyntax('an unknown expression');
}

/** `true` and `false` are names to the grammar. */
function readName(name: string): Expression {
  if (name === 'true' || name === 'false') return { kind: 'constant', value: name === 'true' };
  return { kind: 'column', qualifiers: [], name };
}

function wholeNumber(node: NumericLiteral): bigint | undefined {
  return /^\d{1,18}$/u.test(node.value) ? BigInt(node.value) : undefined;
}

function composite(parts: readonly (Expr | undefined)[], translator: Translator): Expression {
  return {
    kind: 'composite',
    parts: parts.flatMap((part) => (part === undefined ? [] : [translator.expression(part)])),
  };
}

const COMPARISONS: ReadonlySet<Operator> = new Set<Operator>([
  'Equals',
  'NotEquals',
  'Less',
  'LessEquals',
  'Greater',
  'GreaterEquals',
  'Is',
  'IsNot',
]);

function readBinary(left: Expr, operator: Operator, right: Expr, translator: Translator): Expression {
  if (operator === 'And' || operator === 'Or') {
    return {
      kind: 'logic',
      operator: operator === 'And' ? 'and' : 'or',
      parts: chainOf(left, operator, right).map((part) => translator.expression(part)),
    };
  }
  const sides = { left: translator.expression(left), right: translator.expression(right) };
  return COMPARISONS.has(operator)
    ? { kind: 'comparison', pattern: false, ...sides }
    : { kind: 'composite', parts: [sides.left, sides.right] };
}

/** The parts of `a AND b AND c`, which the tree nests to the left: unnested, as chains can be long. */
function chainOf(left: Expr, operator: Operator, right: Expr): readonly Expr[] {
  const parts = [right];
  let rest = left;
  while (rest.type === 'BinaryExpr' && rest.op === operator) {
    parts.push(rest.right);
    rest = rest.left;
  }
  parts.push(rest);
  return parts.toReversed();
}

/** `x IN t`: all columns of a table, or the rows of a table function. */
function readInTable(node: InTableExpr, translator: Translator): Expression {
  const { dbName, objName } = node.rhs;
  const qualifiers = dbName === undefined ? [] : [foldAscii(dbName.text)];
  const name = foldAscii(objName.text);
  const args = node.args?.map((part) => translator.expression(part));
  return {
    kind: 'query',
    exists: false,
    parts: [translator.expression(node.lhs)],
    query: {
      kind: 'select',
      with: undefined,
      orderBy: [],
      limit: undefined,
      locks: false,
      into: false,
      rest: [],
      where: undefined,
      outputs: [{ expression: { kind: 'star', qualifiers: [] }, name: undefined }],
      from: [
        args === undefined
          ? { kind: 'table', qualifiers, name, alias: undefined, columns: [] }
          : {
              kind: 'computed',
              parts: [{ kind: 'call', qualifiers, name, parts: args }],
              alias: undefined,
              columns: [],
            },
      ],
    },
  };
}

export function readSorted(items: readonly SortedColumn[] | undefined, translator: Translator): readonly Expression[] {
  return (items ?? []).map((item) => translator.expression(item.expr));
}

function readCallOrder(order: FunctionCallOrder | undefined, translator: Translator): readonly Expression[] {
  if (order === undefined) return [];
  return order.type === 'SortListFunctionCallOrder'
    ? readSorted(order.columns, translator)
    : [translator.expression(order.expr)];
}

function readTail(tail: FunctionTail | undefined, translator: Translator): readonly Expression[] {
  if (tail === undefined) return [];
  const { filterClause, overClause } = tail;
  return [
    ...(filterClause === undefined ? [] : [translator.expression(filterClause)]),
    ...(overClause?.type === 'WindowOver' ? readWindow(overClause.window, translator) : []),
  ];
}

export function readWindow(window: Window, translator: Translator): readonly Expression[] {
  const bounds = [window.frameClause?.start, window.frameClause?.end];
  return [
    ...(window.partitionBy ?? []).map((part) => translator.expression(part)),
    ...readSorted(window.orderBy, translator),
    ...bounds.flatMap((bound) => readBound(bound)).map((part) => translator.expression(part)),
  ];
}

function readBound(bound: FrameBound | undefined): readonly Expr[] {
  return bound?.type === 'FollowingFrameBound' || bound?.type === 'PrecedingFrameBound' ? [bound.expr] : [];
}
