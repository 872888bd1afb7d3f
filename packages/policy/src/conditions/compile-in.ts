import type { JsonValue } from '@callgate/canonical';

import { atomOf } from './atoms.ts';
import {
  expectKinds,
  gotWords,
  jsonOf,
  sourceOf,
  unusable,
  wrongKind,
  type Compilation,
  type Compiled,
} from './compilation.ts';
import { areEqual } from './equality.ts';
import { OUT_OF_FUEL, spendText } from './fuel.ts';
import type { Expression, ExpressionOf } from './expression.ts';
import { NO_SLOT, recall } from './path-slots.ts';
import { BOOL, LIST, MAP, STRING, comparable, itemsOf, kindsWords, typeOfKinds } from './static-type.ts';
import {
  Failure,
  isList,
  isMap,
  kindWords,
  type Evaluate,
  type List,
  type Result,
  type Scope,
  type Value,
} from './value.ts';

const TYPE = typeOfKinds(BOOL);

/** `x in list` and `name in object`. Items of another kind than `x` are an error unless one is equal. */
export function compileIn(node: ExpressionOf<'in'>, compilation: Compilation): Compiled {
  const left = compilation.compile(node.left);
  const right = compilation.compile(node.right);
  const hint = 'a list or an object; `contains` looks into strings';
  if (!expectKinds(compilation, node.right, right, LIST | MAP, hint)) return unusable();
  if (!canBeIn(node, left, right, compilation)) return unusable();
  const fixed = fixedItems(node.right);
  if (fixed !== undefined) {
    const run = inFixed(node.left, left, fixed, compilation);
    return { type: TYPE, run, ...atomOf(left.path, 'in', fixed, run) };
  }
  const run = inContainer(node, left, right, compilation);
  const isListOnly = (right.type.kinds & MAP) === 0;
  return { type: TYPE, run, ...(isListOnly ? atomOf(right.path, 'includes', jsonOf(left.constant), run) : {}) };
}

function canBeIn(node: ExpressionOf<'in'>, left: Compiled, right: Compiled, compilation: Compilation): boolean {
  const itemKinds = (right.type.kinds & LIST) === 0 ? 0 : comparable(itemsOf(right.type).kinds);
  const keyKinds = (right.type.kinds & MAP) === 0 ? 0 : STRING;
  const kinds = itemKinds | keyKinds;
  const isEmptyList = node.right.kind === 'list' && node.right.items.length === 0;
  if (isEmptyList || (comparable(left.type.kinds) & kinds) !== 0) return true;
  const expected = `${kindsWords(kinds)}, as what it is looked for in`;
  compilation.issues.add(node.left, expected, gotWords(compilation, node.left, left));
  return false;
}

/** The items of a list of literals that are all strings or all numbers. */
function fixedItems(node: Expression): readonly (string | number)[] | undefined {
  if (node.kind !== 'list' || node.items.length === 0) return undefined;
  const items: JsonValue[] = node.items.map((item) =>
    item.kind === 'literal' || item.kind === 'number' ? item.value : null,
  );
  const isAll = (type: 'string' | 'number'): boolean => items.every((item) => typeof item === type);
  return isAll('string') || isAll('number') ? (items as readonly (string | number)[]) : undefined;
}

function inFixed(
  node: Expression,
  left: Compiled,
  fixed: readonly (string | number)[],
  compilation: Compilation,
): Evaluate {
  const items: ReadonlySet<Result> = new Set<Result>(fixed);
  const kind = typeof fixed[0];
  const wrong = wrongKind(compilation, node, kindWords(fixed[0]));
  const { run, slot = NO_SLOT } = left;
  return (input, scope) => {
    const value = recall(scope, slot) ?? run(input, scope);
    return typeof value === kind ? items.has(value) : wrong(value);
  };
}

function inContainer(node: ExpressionOf<'in'>, left: Compiled, right: Compiled, compilation: Compilation): Evaluate {
  compilation.needScope();
  const wrong = wrongKind(compilation, node.right, 'a list or an object');
  const wrongName = wrongKind(compilation, node.left, 'the name of a member');
  const place = sourceOf(compilation, node.right);
  const mismatch = new Failure('type', `expected items of the type that is looked for at \`${place}\`, got others`);
  if (typeof left.constant === 'string') return textIn(left.constant, right, wrong, mismatch);
  return (input, scope) => {
    const value = left.run(input, scope);
    if (value instanceof Failure) return value;
    const container = right.run(input, scope);
    if (isList(container)) return isItem(value, container, scope, mismatch);
    if (!isMap(container)) return wrong(container);
    return typeof value === 'string' ? Object.hasOwn(container, value) : wrongName(value);
  };
}

/** Looks for a fixed text. As for all items: one that is equal counts for more than one of another kind. */
function textIn(
  text: string,
  { run, slot = NO_SLOT }: Compiled,
  wrong: (value: Result) => Failure,
  mismatch: Failure,
): Evaluate {
  return (input, scope) => {
    const list = recall(scope, slot) ?? run(input, scope);
    if (!isList(list)) return isMap(list) ? Object.hasOwn(list, text) : wrong(list);
    let areTexts = true;
    for (const item of list) {
      if (!spendText(scope, text.length)) return OUT_OF_FUEL;
      if (item === text) return true;
      areTexts &&= typeof item === 'string';
    }
    return areTexts ? false : mismatch;
  };
}

function isItem(value: Value, list: List, scope: Scope, mismatch: Failure): boolean | Failure {
  let failure: Failure | undefined;
  for (const item of list) {
    const equal = areEqual(item, value, scope, mismatch);
    if (equal === true) return true;
    if (equal instanceof Failure) {
      if (equal.code === 'fuel') return equal;
      failure ??= equal;
    }
  }
  return failure ?? false;
}
