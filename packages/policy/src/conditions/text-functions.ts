import { excerpt } from '@callgate/canonical';

import { compilePattern } from '../envelope/pattern.ts';
import { codePoints } from '../envelope/shape.ts';
import { atomOf } from './atoms.ts';
import { literalText, type CallRule, type Part } from './call.ts';
import { jsonOf, unusable, wrongKind, type Compilation, type Compiled } from './compilation.ts';
import type { AtomOperator } from './condition-tree.ts';
import { LOOP_COST, OUT_OF_FUEL, spend, spendText } from './fuel.ts';
import { BOOL, INT, LIST, MAP, STRING, listOf, typeOfKinds } from './static-type.ts';
import { NO_SLOT, recall } from './path-slots.ts';
import { Failure, isList, isMap, type Evaluate, type Result, type Scope } from './value.ts';

/** Functions and methods on strings, and `size`. */
export const TEXT_FUNCTIONS: Readonly<Record<string, CallRule>> = {
  startsWith: textTest('startsWith', 'text.startsWith(prefix)', (text, other) => text.startsWith(other), shorter),
  endsWith: textTest('endsWith', 'text.endsWith(suffix)', (text, other) => text.endsWith(other), shorter),
  contains: textTest(
    'contains',
    'text.contains(part)',
    (text, other) => text.includes(other),
    (text) => text.length,
  ),
  matches: { usage: 'text.matches("pattern")', form: 'both', parts: [STRING, STRING], compile: compileMatches },
  size: { usage: 'size(value)', form: 'both', parts: [STRING | LIST | MAP], compile: compileSize },
  lowerAscii: textChange('text.lowerAscii()', (text) => text.replaceAll(/[A-Z]+/gu, (run) => run.toLowerCase())),
  upperAscii: textChange('text.upperAscii()', (text) => text.replaceAll(/[a-z]+/gu, (run) => run.toUpperCase())),
  trim: textChange('text.trim()', trimmed),
  split: { usage: 'text.split(separator)', form: 'method', parts: [STRING, STRING], compile: compileSplit },
  join: { usage: 'list.join(separator)', form: 'method', parts: [LIST, STRING], optional: 1, compile: compileJoin },
};

function textTest(
  operator: AtomOperator,
  usage: string,
  holds: (text: string, other: string) => boolean,
  looked: (text: string, other: string) => number,
): CallRule {
  return {
    usage,
    form: 'method',
    parts: [STRING, STRING],
    compile: ([target, other], _node, compilation) => {
      if (other === undefined) return unusable();
      const { constant } = other;
      const test = (text: string, second: string, scope: Scope): boolean | Failure =>
        spendText(scope, looked(text, second)) ? holds(text, second) : OUT_OF_FUEL;
      const run =
        typeof constant === 'string'
          ? onText(target, compilation, (text, scope) => test(text, constant, scope))
          : onTexts(target, other, compilation, test);
      return { type: typeOfKinds(BOOL), run, ...atomOf(target.path, operator, jsonOf(other.constant), run) };
    },
  };
}

function shorter(text: string, other: string): number {
  return Math.min(text.length, other.length);
}

/** Runs on one string; anything else fails. */
function onText(part: Part, compilation: Compilation, run: (text: string, scope: Scope) => Result): Evaluate {
  compilation.needScope();
  const wrong = wrongKind(compilation, part.node, 'a string');
  const { run: read, slot = NO_SLOT } = part;
  return (input, scope) => {
    const text = recall(scope, slot) ?? read(input, scope);
    return typeof text === 'string' ? run(text, scope) : wrong(text);
  };
}

/** Runs on two strings; anything else fails. */
function onTexts(
  left: Part,
  right: Part,
  compilation: Compilation,
  run: (left: string, right: string, scope: Scope) => Result,
): Evaluate {
  compilation.needScope();
  const wrongLeft = wrongKind(compilation, left.node, 'a string');
  const wrongRight = wrongKind(compilation, right.node, 'a string');
  return (input, scope) => {
    const one = left.run(input, scope);
    if (typeof one !== 'string') return wrongLeft(one);
    const other = right.run(input, scope);
    return typeof other === 'string' ? run(one, other, scope) : wrongRight(other);
  };
}

function textChange(usage: string, change: (text: string) => string): CallRule {
  return {
    usage,
    form: 'method',
    parts: [STRING],
    compile: ([target], _node, compilation) => {
      compilation.needScope();
      const wrong = wrongKind(compilation, target.node, 'a string');
      const run: Evaluate = (input, scope) => {
        const text = target.run(input, scope);
        if (typeof text !== 'string') return wrong(text);
        return spendText(scope, LOOP_COST * text.length) ? change(text) : OUT_OF_FUEL;
      };
      return { type: typeOfKinds(STRING), run };
    },
  };
}

const WHITE_SPACE = /\p{White_Space}/u;

/** Without white space at both ends: that of Unicode, of which JavaScript's own `trim` has another idea. */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** The engine takes time linear in the text, but more than a native search does. */
const PATTERN_COST = 8;

function compileMatches(
  [target, pattern]: readonly [Part, ...Part[]],
  _node: unknown,
  compilation: Compilation,
): Compiled {
  const type = typeOfKinds(BOOL);
  const text = pattern === undefined ? undefined : literalText(pattern, 'a pattern', compilation);
  if (text === undefined || pattern === undefined) return unusable();
  let test: (text: string) => boolean;
  try {
    test = compilePattern(text);
  } catch (error) {
    const reason = error instanceof Error ? excerpt(error.message, 120) : 'another';
    compilation.issues.add(pattern.node, 'a pattern in RE2 syntax', reason);
    return unusable();
  }
  compilation.needScope();
  const wrong = wrongKind(compilation, target.node, 'a string');
  const { run: read, slot = NO_SLOT } = target;
  const run: Evaluate = (input, scope) => {
    const value = recall(scope, slot) ?? read(input, scope);
    if (typeof value !== 'string') return wrong(value);
    return spendText(scope, PATTERN_COST * value.length) ? test(value) : OUT_OF_FUEL;
  };
  return { type, run, ...atomOf(target.path, 'matches', text, run) };
}

/** Characters (Unicode code points), items or members. */
function compileSize([part]: readonly [Part, ...Part[]], _node: unknown, compilation: Compilation): Compiled {
  compilation.needScope();
  const wrong = wrongKind(compilation, part.node, 'a string, a list or an object');
  const { run: read, slot = NO_SLOT } = part;
  const run: Evaluate = (input, scope) => {
    const value = recall(scope, slot) ?? read(input, scope);
    if (typeof value === 'string') return spendText(scope, LOOP_COST * value.length) ? codePoints(value) : OUT_OF_FUEL;
    if (isList(value)) return value.length;
    if (!isMap(value)) return wrong(value);
    const size = Object.keys(value).length;
    return spend(scope, size) ? size : OUT_OF_FUEL;
  };
  return { type: typeOfKinds(INT), run, ...(part.path === undefined ? {} : { sizeOf: part.path }) };
}

function compileSplit(
  [target, separator]: readonly [Part, ...Part[]],
  _node: unknown,
  compilation: Compilation,
): Compiled {
  const type = listOf(typeOfKinds(STRING));
  if (separator === undefined) return unusable();
  const run = onTexts(target, separator, compilation, (text, by, scope) => {
    if (!spendText(scope, text.length)) return OUT_OF_FUEL;
    // an empty separator splits into characters
    const parts = by === '' ? Array.from(text) : text.split(by);
    return spend(scope, parts.length) ? parts : OUT_OF_FUEL;
  });
  return { type, run };
}

function compileJoin(
  [list, separator]: readonly [Part, ...Part[]],
  _node: unknown,
  compilation: Compilation,
): Compiled {
  compilation.needScope();
  const wrong = wrongKind(compilation, list.node, 'a list');
  const notTexts = new Failure('type', 'expected a list of strings for `join`, got other items');
  const wrongSeparator = wrongKind(compilation, separator?.node ?? list.node, 'a string');
  const run: Evaluate = (input, scope) => {
    const items = list.run(input, scope);
    if (!isList(items)) return wrong(items);
    const by = separator === undefined ? '' : separator.run(input, scope);
    if (typeof by !== 'string') return wrongSeparator(by);
    if (!items.every((item) => typeof item === 'string')) return notTexts;
    const length = items.reduce((sum, item) => sum + item.length + by.length, 0);
    return spend(scope, items.length) && spendText(scope, length) ? items.join(by) : OUT_OF_FUEL;
  };
  return { type: typeOfKinds(STRING), run };
}
