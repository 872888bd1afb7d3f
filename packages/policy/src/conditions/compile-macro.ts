import { expectKinds, unusable, wrongKind, type Compilation, type Compiled } from './compilation.ts';
import { compileBoolean } from './compile-logic.ts';
import type { ExpressionOf } from './expression.ts';
import { OUT_OF_FUEL, spend } from './fuel.ts';
import { createFold } from './macro-folds.ts';
import { BOOL, LIST, MAP, STRING, itemsOf, listOf, typeOfKinds, union, type StaticType } from './static-type.ts';
import { Failure, isList, isMap, type Evaluate, type List, type Result, type Value } from './value.ts';
import { sizeOfExpression } from './walk.ts';

/** `all`, `exists`, `exists_one`, `filter` and `map` over the items of a list, or the names of an object in sorted order. */
export function compileMacro(node: ExpressionOf<'macro'>, compilation: Compilation): Compiled {
  const range = compilation.compile(node.range);
  if (!expectKinds(compilation, node.range, range, LIST | MAP)) return unusable();
  if (compilation.variableNames().includes(node.variable)) {
    compilation.issues.add(node, 'a variable name that is not taken', `\`${node.variable}\``);
    return unusable();
  }
  compilation.needScope();
  const wrongRange = wrongKind(compilation, node.range, 'a list or an object');
  const items = itemType(range.type);
  return compilation.withLocal(node.variable, items, (slot) => {
    const { run, type } = compileBody(node, compilation);
    const result = resultType(node.name, items, type);
    return { type: result, run: loopOver(range.run, wrongRange, slot, node, run, compilation) };
  });
}

function itemType(range: StaticType): StaticType {
  const names = (range.kinds & MAP) === 0 ? [] : [typeOfKinds(STRING)];
  return union((range.kinds & LIST) === 0 ? names : [itemsOf(range), ...names]);
}

function resultType(name: ExpressionOf<'macro'>['name'], items: StaticType, body: StaticType): StaticType {
  if (name === 'filter') return listOf(items);
  return name === 'map' ? listOf(body) : typeOfKinds(BOOL);
}

const SKIPPED = Symbol('skipped');

interface Body {
  readonly type: StaticType;
  readonly run: (...parameters: Parameters<Evaluate>) => Result | typeof SKIPPED;
}

function compileBody(node: ExpressionOf<'macro'>, compilation: Compilation): Body {
  const body = node.name === 'map' ? compilation.compile(node.body) : compileBoolean(node.body, compilation);
  if (node.filter === undefined) return body;
  const filter = compileBoolean(node.filter, compilation);
  return {
    type: body.type,
    run: (input, scope) => {
      const keep = filter.run(input, scope);
      if (keep === true) return body.run(input, scope);
      return keep === false ? SKIPPED : filter.wrong(keep);
    },
  };
}

function loopOver(
  range: Evaluate,
  wrongRange: (value: Result) => Failure,
  slot: number,
  node: ExpressionOf<'macro'>,
  body: Body['run'],
  compilation: Compilation,
): Evaluate {
  const wrong = wrongKind(compilation, node.body, 'a boolean');
  const cost = sizeOfExpression(node);
  const { name } = node;
  if (name === 'all' || name === 'exists')
    return quantifier(range, wrongRange, slot, name === 'exists', cost, body, wrong);
  return (input, scope) => {
    const container = range(input, scope);
    const list = listedItems(container);
    if (list === undefined) return wrongRange(container);
    const fold = createFold(name, wrong, isValue);
    for (const item of list) {
      if (!spend(scope, cost)) return OUT_OF_FUEL;
      scope.locals[slot] = item;
      const result = body(input, scope);
      const ended = result === SKIPPED ? undefined : fold.take(item, result);
      if (ended !== undefined) return ended;
    }
    return fold.end();
  };
}

/** As in CEL, `all` and `exists` are `&&` and `||` over the items: what decides counts for more than what failed. */
function quantifier(
  range: Evaluate,
  wrongRange: (value: Result) => Failure,
  slot: number,
  deciding: boolean,
  cost: number,
  body: Body['run'],
  wrong: (value: Result) => Failure,
): Evaluate {
  return (input, scope) => {
    const container = range(input, scope);
    const list = listedItems(container);
    if (list === undefined) return wrongRange(container);
    let failure: Failure | undefined;
    for (const item of list) {
      if (!spend(scope, cost)) return OUT_OF_FUEL;
      scope.locals[slot] = item;
      const result = body(input, scope);
      if (result === deciding) return deciding;
      if (result !== !deciding && result !== SKIPPED) failure ??= wrong(result);
    }
    return failure ?? !deciding;
  };
}

/** The items of a list, or the names of an object: sorted, so that the order they were sent in does not matter. */
function listedItems(container: Result): List | undefined {
  if (isList(container)) return container;
  return isMap(container) ? Object.keys(container).toSorted() : undefined;
}

function isValue(result: Result): result is Value {
  return !(result instanceof Failure);
}
