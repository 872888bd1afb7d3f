import type { JsonValue } from '@callgate/canonical';

import type { ConditionError, ConditionInput } from './condition.ts';
import type { Span } from './expression.ts';

/** What an atom asks of the value at its path. `includes`: a list that has the value; `has`: the value is there. */
export type AtomOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'includes'
  | 'has'
  | 'startsWith'
  | 'endsWith'
  | 'contains'
  | 'matches'
  | 'window';

interface Placed {
  /** Where it stands in the source of the condition. */
  readonly span?: Span;
}

/**
 * One comparison of one value of the input with fixed values.
 *
 * `value` is what it is compared with: a list for `in`, milliseconds since 1970 where the path is `now`, the text of the window
 * for `window`, `true` for `has`.
 */
export interface ConditionAtom extends Placed {
  readonly kind: 'atom';
  /** The variable, then the names of members: `['arguments', 'amount']`. */
  readonly path: readonly string[];
  readonly operator: AtomOperator;
  readonly value: JsonValue;
  /** Not the value itself is compared but its size: characters, items or members. */
  readonly ofSize: boolean;
  /** The IANA zone of a `window`. */
  readonly zone?: string;
  readonly test: ConditionTest;
}

/** What a condition says, as far as it can be taken apart. Every node can be evaluated by itself. */
export type ConditionTree =
  | ConditionAtom
  /** All terms hold. At least two. */
  | (Placed & { readonly kind: 'all'; readonly terms: readonly ConditionTree[]; readonly test: ConditionTest })
  /** One of the terms holds. At least two. */
  | (Placed & { readonly kind: 'any'; readonly terms: readonly ConditionTree[]; readonly test: ConditionTest })
  | (Placed & { readonly kind: 'not'; readonly term: ConditionTree; readonly test: ConditionTest })
  | (Placed & { readonly kind: 'constant'; readonly value: boolean; readonly test: ConditionTest })
  /** Anything else, as the policy's author wrote it. */
  | (Placed & { readonly kind: 'opaque'; readonly text: string; readonly test: ConditionTest });

/** Evaluates one node. Pure; never throws. */
export type ConditionTest = (input: ConditionInput) => boolean | ConditionError;

const INVERSE: Readonly<Partial<Record<AtomOperator, AtomOperator>>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};

/** The opposite of a tree. Both are errors for the same inputs, so a comparison turns into its inverse. */
export function negated(tree: ConditionTree): ConditionTree {
  const test: ConditionTest = (input) => {
    const result = tree.test(input);
    return typeof result === 'boolean' ? !result : result;
  };
  switch (tree.kind) {
    case 'not':
      return tree.term;
    case 'constant':
      return { kind: 'constant', value: !tree.value, test };
    case 'all':
      return { kind: 'any', terms: tree.terms.map(negated), test };
    case 'any':
      return { kind: 'all', terms: tree.terms.map(negated), test };
    case 'atom': {
      const operator = INVERSE[tree.operator];
      return operator === undefined ? { kind: 'not', term: tree, test } : { ...tree, operator, test };
    }
    case 'opaque':
      return { kind: 'not', term: tree, test };
  }
}

/** The tree with its place in the source. */
export function placed(tree: ConditionTree, { start, end }: Span): ConditionTree {
  return { ...tree, span: { start, end } };
}
