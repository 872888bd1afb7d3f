import { parse } from '@bufbuild/cel';
import type { Expr, Expr_Call } from '@bufbuild/cel-spec/cel/expr/syntax_pb.js';
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import {
  getConformanceSuite,
  getParsingSuite,
  type IncrementalTest,
  type IncrementalTestSuite,
} from '@bufbuild/cel-spec/testdata/tests.js';
import { describe, expect, it } from 'vitest';

import { compileCondition } from '../src/conditions/compile-condition.ts';
import { ConditionIssues } from '../src/conditions/condition-issue.ts';
import type { Expression } from '../src/conditions/expression.ts';
import { parseCondition } from '../src/conditions/parse-condition.ts';
import { inputOf } from './support/conditions.ts';

// The official conformance tests of CEL, as far as their expressions are in our language.

function testsOf(suite: IncrementalTestSuite): readonly IncrementalTest[] {
  return [...suite.tests, ...suite.suites.flatMap(testsOf)];
}

const TESTS = testsOf(getConformanceSuite());

/** The value as CEL source; undefined where our language does not have it. */
function sourceOf(value: Value): string | undefined {
  const { kind } = value;
  switch (kind.case) {
    case 'boolValue':
      return String(kind.value);
    case 'int64Value':
      return String(kind.value);
    case 'doubleValue':
      return Number.isFinite(kind.value) ? doubleSource(kind.value) : undefined;
    case 'stringValue':
      return JSON.stringify(kind.value);
    case 'listValue': {
      const items = kind.value.values.map(sourceOf);
      return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
    }
    default:
      return undefined;
  }
}

function doubleSource(value: number): string {
  const text = String(value);
  return /[.e]/u.test(text) ? text : `${text}.0`;
}

/** What a test of the suite asks for, as a condition that then holds; undefined where our language cannot say it. */
function claimOf({ original }: IncrementalTest): { readonly source: string; readonly fails: boolean } | undefined {
  const { expr, resultMatcher, bindings, disableMacros, checkOnly } = original;
  if (Object.keys(bindings).length > 0 || disableMacros || checkOnly) return undefined;
  if (resultMatcher.case === 'evalError') return { source: `(${expr}) == (${expr})`, fails: true };
  const value = resultMatcher.case === 'value' ? sourceOf(resultMatcher.value) : 'true';
  const isKnown = resultMatcher.case === 'value' || resultMatcher.case === undefined;
  if (value === undefined || !isKnown) return undefined;
  return { source: value === 'true' ? expr : `(${expr}) == ${value}`, fails: false };
}

describe('the official conformance tests', () => {
  const stricter: string[] = [];
  const wrong: string[] = [];
  let met = 0;
  for (const test of TESTS) {
    const claim = claimOf(test);
    const condition = claim && compileCondition(claim.source, { arguments: [] }).condition;
    if (condition === undefined) continue;
    const result = condition.evaluate(inputOf());
    if (claim?.fails === true ? typeof result !== 'boolean' : result === true) met += 1;
    else if (typeof result === 'boolean') wrong.push(condition.source);
    else stricter.push(condition.source);
  }

  it('are never answered otherwise', () => {
    expect(wrong).toStrictEqual([]);
  });

  it('are met as far as their expressions are in the language', () => {
    expect(met).toBeGreaterThan(500);
  });

  it('are refused an answer only about values of different kinds and about what is no finite number', () => {
    expect(stricter.toSorted()).toStrictEqual([
      '(0.0/0.0 == 0.0/0.0) == false',
      "({'k': 1, 'j': 2} == {'k': 1, 'j': null}) == false",
      "({'k1': 1, 'k2': 'dos', 'k3': 3} == {'k1': 1, 'k2': 2, 'k3': 4}) == false",
      '0.0/0.0 != 0.0/0.0',
      '0.0/0.0 != 0.0/0.0',
    ]);
  });
});

/** Our tree in the words of the reference's. */
function ours(node: Expression): unknown {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'number':
      return node.isInteger ? `${node.value}` : node.value;
    case 'name':
      return ['name', node.name];
    case 'select':
      return ['.', ours(node.target), node.field];
    case 'has':
      return ['has', ours(node.target), node.field];
    case 'index':
      return ['_[_]', ours(node.target), ours(node.index)];
    case 'logic':
      return [`_${node.operator}_`, ...node.terms.map(ours)];
    case 'not':
      // the reference leaves out pairs of signs
      return node.operand.kind === 'not' ? ours(node.operand.operand) : ['!_', ours(node.operand)];
    case 'negate':
      return node.operand.kind === 'negate' ? ours(node.operand.operand) : ['-_', ours(node.operand)];
    case 'compare':
    case 'arithmetic':
      return [`_${node.operator}_`, ours(node.left), ours(node.right)];
    case 'in':
      return ['@in', ours(node.left), ours(node.right)];
    case 'conditional':
      return ['_?_:_', ours(node.test), ours(node.then), ours(node.otherwise)];
    case 'call':
      return ['call', node.name, node.target === undefined ? null : ours(node.target), ...node.arguments.map(ours)];
    case 'macro':
      return ['macro', ours(node.range)];
    case 'list':
      return ['list', ...node.items.map(ours)];
    case 'map':
      return ['map', ...node.entries.flat().map(ours)];
  }
}

function theirs({ exprKind: { case: kind, value } }: Expr): unknown {
  switch (kind) {
    case 'constExpr': {
      const constant = value.constantKind;
      if (constant.case === 'nullValue') return null;
      return typeof constant.value === 'bigint' ? `${constant.value}` : constant.value;
    }
    case 'identExpr':
      return ['name', value.name];
    case 'selectExpr':
      return [value.testOnly ? 'has' : '.', theirs(value.operand!), value.field];
    case 'callExpr':
      return theirCall(value);
    case 'listExpr':
      return ['list', ...value.elements.map(theirs)];
    case 'structExpr':
      return ['map', ...value.entries.flatMap((entry) => [theirs(entry.keyKind.value as Expr), theirs(entry.value!)])];
    case 'comprehensionExpr':
      return ['macro', theirs(value.iterRange!)];
    default:
      throw new Error(String(kind));
  }
}

function theirCall({ function: name, target, args }: Expr_Call): unknown {
  const parts = args.map(theirs);
  if (name === '_&&_' || name === '_||_') return [name, ...parts.flatMap((part) => flat(part, name))];
  // a sign before a number is part of our number
  if (name === '-_' && typeof parts[0] === 'number') return -parts[0];
  if (name === '-_' && /^-?\d+$/u.test(String(parts[0]))) return String(-Number(parts[0]));
  const index = args[1]?.exprKind;
  const isName = index?.case === 'constExpr' && index.value.constantKind.case === 'stringValue';
  if (name === '_[_]' && isName) return ['.', ...parts];
  return /^(?:_|@|[!-]_$)/u.test(name)
    ? [name, ...parts]
    : ['call', name, target === undefined ? null : theirs(target), ...parts];
}

function flat(part: unknown, operator: string): readonly unknown[] {
  return Array.isArray(part) && part[0] === operator ? part.slice(1) : [part];
}

describe('the parser', () => {
  const sources = new Set([...TESTS, ...testsOf(getParsingSuite())].map(({ original }) => original.expr));

  it('reads what it accepts as the reference does', () => {
    const different: string[] = [];
    let accepted = 0;
    for (const source of sources) {
      const parsed = parseCondition(source, new ConditionIssues(source));
      if (parsed === undefined) continue;
      accepted += 1;
      if (JSON.stringify(ours(parsed)) !== JSON.stringify(theirs(parse(source).expr))) different.push(source);
    }
    expect(different).toStrictEqual([]);
    expect(accepted).toBeGreaterThan(800);
  });
});
