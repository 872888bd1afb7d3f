import { testOf } from './atoms.ts';
import { expectKinds, sourceOf, wrongKind, type Compilation, type Compiled } from './compilation.ts';
import { negated, placed, type ConditionTree } from './condition-tree.ts';
import type { Expression, ExpressionOf } from './expression.ts';
import { BOOL, typeOfKinds, union } from './static-type.ts';
import type { Evaluate, Failure, Result } from './value.ts';

/**
 * `&&` and `||`. As in CEL the order of the terms does not matter: one that is false (true) decides, whatever the others are;
 * otherwise one that failed makes all of it fail.
 */
export function compileLogic(node: ExpressionOf<'logic'>, compilation: Compilation): Compiled {
  const deciding = node.operator === '||';
  const terms = node.terms.map((term) => compileBoolean(term, compilation));
  const run = foldLogic(terms, deciding);
  const trees = terms.map((term, index) => term.tree ?? opaque(node.terms[index] ?? node, term.run, compilation));
  const kind = deciding ? 'any' : 'all';
  // `a && (b && c)` says the same as `a && b && c`
  const flat = trees.flatMap((tree) => (tree.kind === kind ? tree.terms : [tree]));
  return { type: typeOfKinds(BOOL), run, tree: { kind, terms: flat, test: testOf(run) } };
}

function foldLogic(terms: readonly BooleanPart[], deciding: boolean): Evaluate {
  return terms
    .map(({ run, wrong }) => ({ run, wrong }))
    .reduceRight((right, left) => {
      const first = left.run;
      const second = right.run;
      return {
        wrong: (value) => value as Failure,
        run: (input, scope) => {
          const one = first(input, scope);
          if (one === deciding) return one;
          const other = second(input, scope);
          if (other === deciding || (one === !deciding && other === !deciding)) return other;
          return one === !deciding ? right.wrong(other) : left.wrong(one);
        },
      };
    }).run;
}

interface BooleanPart extends Compiled {
  /** The failure for a result that is no boolean. */
  readonly wrong: (value: Result) => Failure;
}

/** A part that has to be a boolean. */
export function compileBoolean(node: Expression, compilation: Compilation): BooleanPart {
  const compiled = compilation.compile(node);
  expectKinds(compilation, node, compiled, BOOL);
  return { ...compiled, wrong: wrongKind(compilation, node, 'a boolean'), tree: treeOf(node, compiled, compilation) };
}

/** What can be said of a boolean part. */
export function treeOf(node: Expression, compiled: Compiled, compilation: Compilation): ConditionTree {
  if (compiled.tree !== undefined) return compiled.tree;
  if (typeof compiled.constant === 'boolean') {
    return placed({ kind: 'constant', value: compiled.constant, test: testOf(compiled.run) }, node);
  }
  if (compiled.path !== undefined) {
    const { path, run } = compiled;
    return placed({ kind: 'atom', path, operator: '==', value: true, ofSize: false, test: testOf(run) }, node);
  }
  return opaque(node, compiled.run, compilation);
}

function opaque(node: Expression, run: Evaluate, compilation: Compilation): ConditionTree {
  return placed({ kind: 'opaque', text: sourceOf(compilation, node), test: testOf(run) }, node);
}

export function compileNot(node: ExpressionOf<'not'>, compilation: Compilation): Compiled {
  const { run, wrong, tree } = compileBoolean(node.operand, compilation);
  return {
    type: typeOfKinds(BOOL),
    run: (input, scope) => {
      const value = run(input, scope);
      return typeof value === 'boolean' ? !value : wrong(value);
    },
    ...(tree === undefined ? {} : { tree: negated(tree) }),
  };
}

/** `test ? then : otherwise`. Only the side that is chosen is evaluated. */
export function compileConditional(node: ExpressionOf<'conditional'>, compilation: Compilation): Compiled {
  const test = compileBoolean(node.test, compilation);
  const then = compilation.compile(node.then);
  const otherwise = compilation.compile(node.otherwise);
  return {
    type: union([then.type, otherwise.type]),
    run: (input, scope) => {
      const value = test.run(input, scope);
      if (value === true) return then.run(input, scope);
      return value === false ? otherwise.run(input, scope) : test.wrong(value);
    },
  };
}
