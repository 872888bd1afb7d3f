import { excerpt } from '@callgate/canonical';
import { Environment, ParseError, type ASTNode } from '@marcbachmann/cel-js';

import type { ConditionIssues } from './condition-issue.ts';
import type { ComparisonOperator, Expression, MacroName, Span } from './expression.ts';
import { scanBrackets } from './scan-brackets.ts';

/** The longest source of a condition, in UTF-16 code units. */
const MAX_SOURCE_LENGTH = 4096;
/** The most nodes of its syntax tree. */
const MAX_NODES = 500;
/** The most levels of brackets and signs. */
const MAX_DEPTH = 64;

const MACROS: ReadonlyMap<string, MacroName> = new Map([
  ['all', 'all'],
  ['exists', 'exists'],
  ['exists_one', 'exists_one'],
  ['existsOne', 'exists_one'],
  ['filter', 'filter'],
  ['map', 'map'],
]);
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'in']);

// The library parses; its checker and evaluator are not used.
const PARSER = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: 2 * MAX_NODES,
    maxDepth: MAX_DEPTH + 1,
    maxCallArguments: MAX_DEPTH,
    maxListElements: MAX_NODES,
  },
});

/** Parses a condition. What is wrong with it goes to `issues`; the result is then undefined. */
export function parseCondition(source: string, issues: ConditionIssues): Expression | undefined {
  if (source.length > MAX_SOURCE_LENGTH) {
    issues.add({ start: 0, end: 0 }, `at most ${MAX_SOURCE_LENGTH} characters`, String(source.length));
    return undefined;
  }
  if (source.trim() === '') {
    issues.add({ start: 0, end: source.length }, 'a condition', 'nothing');
    return undefined;
  }
  const brackets = scanBrackets(source, MAX_DEPTH);
  if (brackets.tooDeepAt !== undefined) {
    const start = brackets.tooDeepAt;
    issues.add({ start, end: start + 1 }, `at most ${MAX_DEPTH} levels`, 'more');
    return undefined;
  }
  const tree = parse(source, issues);
  if (tree === undefined) return undefined;
  const translation = new Translation(source, brackets.pairs, issues);
  const expression = translation.expression(tree);
  return issues.isEmpty ? expression : undefined;
}

function parse(source: string, issues: ConditionIssues): ASTNode | undefined {
  try {
    return PARSER.parse(source).ast;
  } catch (error) {
    const isParseError = error instanceof ParseError;
    const range = isParseError ? error.range : undefined;
    const span = { start: range?.start ?? 0, end: range?.end ?? source.length };
    const isTooLarge = isParseError && error.code === 'limit_exceeded';
    if (isTooLarge) issues.add(span, `at most ${MAX_NODES} parts and ${MAX_DEPTH} levels`, 'more');
    else issues.add(span, 'a CEL expression', isParseError ? problemOf(error) : 'text that cannot be parsed');
    return undefined;
  }
}

function problemOf(error: ParseError): string {
  const summary = excerpt(error.summary, 200);
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}

/** Turns the library's tree into ours, and refuses what is not part of the language. */
class Translation {
  readonly #source: string;
  readonly #brackets: ReadonlyMap<number, number>;
  readonly #issues: ConditionIssues;
  #nodes = 0;

  constructor(source: string, brackets: ReadonlyMap<number, number>, issues: ConditionIssues) {
    this.#source = source;
    this.#brackets = brackets;
    this.#issues = issues;
  }

  expression(node: ASTNode): Expression {
    const span = { start: node.start, end: node.end };
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES) {
      if (this.#nodes === MAX_NODES + 1) this.#issues.add(span, `at most ${MAX_NODES} parts`, 'more');
      return { ...span, kind: 'literal', value: null };
    }
    switch (node.op) {
      case 'value':
        return this.#literal(span, node.args);
      case 'id':
        return { ...span, kind: 'name', name: node.args };
      case '.':
        return {
          ...span,
          kind: 'select',
          target: this.expression(node.args[0]),
          field: node.args[1],
          // the library's `pos` of a selection is that of its name
          place: { start: node.pos, end: node.end },
        };
      case '[]':
        return this.#index(span, node.args[0], node.args[1]);
      case '&&':
      case '||':
        return { ...span, kind: 'logic', operator: node.op, terms: this.#terms(node, node.op) };
      case '!_':
        return { ...span, kind: 'not', operand: this.expression(node.args) };
      case '-_':
        return this.#negation(span, node.args);
      case '==':
      case '!=':
        this.#refuseBareRelation(node.args[1]);
        return this.#comparison(span, node.op, node.args);
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#comparison(span, node.op, node.args);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': {
        const [left, right] = node.args;
        return {
          ...span,
          kind: 'arithmetic',
          operator: node.op,
          left: this.expression(left),
          right: this.expression(right),
        };
      }
      case 'in': {
        const [left, right] = node.args;
        return { ...span, kind: 'in', operator: 'in', left: this.expression(left), right: this.expression(right) };
      }
      case '?:': {
        const [test, then, otherwise] = node.args;
        return {
          ...span,
          kind: 'conditional',
          test: this.expression(test),
          then: this.expression(then),
          otherwise: this.expression(otherwise),
        };
      }
      case 'call':
        return this.#call(span, node.args[0], undefined, node.args[1]);
      case 'rcall':
        return this.#call(span, node.args[0], node.args[1], node.args[2]);
      case 'list':
        return { ...span, kind: 'list', items: node.args.map((item) => this.expression(item)) };
      case 'map':
        return {
          ...span,
          kind: 'map',
          entries: node.args.map(([key, value]) => [this.expression(key), this.expression(value)] as const),
        };
      default:
        return this.#refuse(span, 'an expression of the policy language', `the operator \`${excerpt(node.op)}\``);
    }
  }

  #literal(span: Span, value: unknown): Expression {
    if (value === null || typeof value === 'boolean' || typeof value === 'string') {
      return { ...span, kind: 'literal', value };
    }
    if (typeof value === 'number') return { ...span, kind: 'number', value, isInteger: false };
    if (typeof value === 'bigint') {
      const number = Number(value);
      if (Number.isSafeInteger(number)) return { ...span, kind: 'number', value: number, isInteger: true };
      return this.#refuse(span, 'an integer of at most 2^53 - 1', 'a larger one');
    }
    return this.#refuse(span, 'a string, number, boolean or null', 'a literal of another type');
  }

  /** A sign before a number is part of the number. */
  #negation(span: Span, operandNode: ASTNode): Expression {
    const operand = this.expression(operandNode);
    if (operand.kind !== 'number') return { ...span, kind: 'negate', operand };
    // an int has no negative zero
    const value = operand.isInteger && operand.value === 0 ? 0 : -operand.value;
    return { ...operand, ...span, value };
  }

  #index(span: Span, targetNode: ASTNode, indexNode: ASTNode): Expression {
    const target = this.expression(targetNode);
    const index = this.expression(indexNode);
    if (index.kind === 'literal' && typeof index.value === 'string') {
      return { ...span, kind: 'select', target, field: index.value, place: { start: index.start, end: index.end } };
    }
    return { ...span, kind: 'index', target, index };
  }

  /** The operands of `a && b && c`, however they are bracketed. */
  #terms(node: ASTNode, operator: '&&' | '||'): readonly Expression[] {
    const terms: Expression[] = [];
    for (const side of node.args as readonly ASTNode[]) {
      if (side.op === operator) terms.push(...this.#terms(side, operator));
      else terms.push(this.expression(side));
    }
    return terms;
  }

  #comparison(span: Span, operator: ComparisonOperator, [left, right]: readonly [ASTNode, ASTNode]): Expression {
    return { ...span, kind: 'compare', operator, left: this.expression(left), right: this.expression(right) };
  }

  /**
   * CEL reads `a == b < c` from left to right, the library reads `b < c` first. Neither is what a reader expects, so it takes
   * brackets.
   */
  #refuseBareRelation(right: ASTNode): void {
    if (!RELATIONS.has(right.op)) return;
    // any bracket that opens right before it has to close right after it; others are around a part of it
    for (let at = right.start - 1; at >= 0 && '( \t\r\n'.includes(this.#source.charAt(at)); at -= 1) {
      if ((this.#brackets.get(at) ?? -1) >= right.end) return;
    }
    this.#issues.add(right, 'brackets around the comparison on the right', 'two comparisons in a row');
  }

  #call(span: Span, name: string, targetNode: ASTNode | undefined, argumentNodes: readonly ASTNode[]): Expression {
    if (targetNode === undefined && name === 'has') return this.#has(span, argumentNodes);
    const target = targetNode === undefined ? undefined : this.expression(targetNode);
    const parts = argumentNodes.map((argument) => this.expression(argument));
    const macro = target === undefined ? undefined : MACROS.get(name);
    if (target === undefined || macro === undefined) {
      const start = target === undefined ? span.start : this.#source.indexOf(name, target.end);
      return { ...span, kind: 'call', name, target, arguments: parts, place: { start, end: start + name.length } };
    }
    return this.#macro(span, macro, target, parts);
  }

  #has(span: Span, [node, ...more]: readonly ASTNode[]): Expression {
    const argument = node === undefined ? undefined : this.expression(node);
    if (argument?.kind === 'select' && more.length === 0) {
      return { ...argument, ...span, kind: 'has' };
    }
    return this.#refuse(span, 'a member to ask for, as in `has(arguments.note)`', 'another expression');
  }

  #macro(span: Span, name: MacroName, range: Expression, parts: readonly Expression[]): Expression {
    const [variable, first, second, ...more] = parts;
    const isFiltered = name === 'map' && second !== undefined;
    const body = isFiltered ? second : first;
    if (variable?.kind !== 'name' || body === undefined || more.length > 0 || (second !== undefined && !isFiltered)) {
      return this.#refuse(span, `\`${name}(variable, expression)\``, 'other arguments');
    }
    return {
      ...span,
      kind: 'macro',
      name,
      range,
      variable: variable.name,
      filter: isFiltered ? first : undefined,
      body,
    };
  }

  #refuse(span: Span, expected: string, got: string): Expression {
    this.#issues.add(span, expected, got);
    return { ...span, kind: 'literal', value: null };
  }
}
