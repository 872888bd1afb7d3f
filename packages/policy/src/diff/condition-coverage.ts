import { isJsonArray, type JsonValue } from '@callgate/canonical';

import type { ConditionAtom, ConditionTree } from '../conditions/condition-tree.ts';
import { isConditionWithin } from '../conditions/condition-within.ts';
import type { Condition } from '../conditions/condition.ts';

/**
 * Proves that a rule with one condition stops what it stops with another: what the inner one holds for, the outer one holds for; and
 * what the inner one cannot be evaluated for, which is denied, the outer one denies as well. Undefined stands for always.
 *
 * @param denies whether the outer rule denies what its condition holds for; otherwise that is weaker than an error
 */
export function coversCondition(outer: Condition | undefined, inner: Condition | undefined, denies: boolean): boolean {
  if (outer === undefined) return inner === undefined || denies;
  if (inner === undefined) return false;
  if (outer.source === inner.source) return true;
  const sources = { outer: outer.source, inner: inner.source, denies };
  return covers(outer.tree, inner.tree, sources);
}

interface Comparison {
  readonly outer: string;
  readonly inner: string;
  readonly denies: boolean;
}

/**
 * Compares trees of one shape term by term. With errors between false and true, `&&` is the least of its terms and `||` the
 * greatest, so a tree is no less than another whose terms are no less. Where an error must stay one, `||` may turn it into true.
 */
function covers(outer: ConditionTree, inner: ConditionTree, comparison: Comparison): boolean {
  if (outer.kind === 'atom' && inner.kind === 'atom') {
    return errsAlike(outer, inner) && isConditionWithin({ tree: inner }, { tree: outer });
  }
  if (outer.kind === 'all' && inner.kind === 'all') return coverEach(outer.terms, inner.terms, comparison);
  if (outer.kind === 'any' && inner.kind === 'any') {
    return (
      (comparison.denies || isSameTree(outer, inner, comparison)) && coverEach(outer.terms, inner.terms, comparison)
    );
  }
  if (outer.kind === 'not' && inner.kind === 'not') {
    const areAtoms = outer.term.kind === 'atom' && inner.term.kind === 'atom';
    return areAtoms ? covers(inner.term, outer.term, comparison) : isSameTree(outer.term, inner.term, comparison);
  }
  return isSameTree(outer, inner, comparison);
}

function coverEach(outer: readonly ConditionTree[], inner: readonly ConditionTree[], comparison: Comparison): boolean {
  return (
    outer.length === inner.length &&
    outer.every((term, index) => covers(term, inner[index] as ConditionTree, comparison))
  );
}

/**
 * Whether the trees, the second one of the inner condition, say the same in the same words at the same place. What is opaque is
 * compared in full, as it is written: a tree holds no more of it than an excerpt.
 */
function isSameTree(one: ConditionTree, other: ConditionTree, { outer, inner }: Comparison): boolean {
  const { span } = one;
  return (
    span !== undefined &&
    JSON.stringify(one) === JSON.stringify(other) &&
    outer.slice(span.start, span.end) === inner.slice(span.start, span.end)
  );
}

const ORDERS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

/** Whether two comparisons of the same value cannot be evaluated for the same inputs. */
function errsAlike(one: ConditionAtom, other: ConditionAtom): boolean {
  const isSamePath = one.ofSize === other.ofSize && JSON.stringify(one.path) === JSON.stringify(other.path);
  const areOrders = ORDERS.has(one.operator) && ORDERS.has(other.operator);
  return isSamePath && (areOrders || one.operator === other.operator) && typesIn(one.value) === typesIn(other.value);
}

function typesIn(value: JsonValue): string {
  if (!isJsonArray(value)) return value === null ? 'null' : typeof value;
  return [...new Set(value.map(typesIn))].toSorted().join(',');
}

/** The comparisons of a condition. */
export function atomsOf(tree: ConditionTree): readonly ConditionAtom[] {
  switch (tree.kind) {
    case 'atom':
      return [tree];
    case 'all':
    case 'any':
      return tree.terms.flatMap(atomsOf);
    case 'not':
      return atomsOf(tree.term);
    case 'constant':
    case 'opaque':
      return [];
  }
}
