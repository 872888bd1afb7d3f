import { isJsonArray, type JsonValue } from '@callgate/canonical';

import { atomHolds } from './atom-holds.ts';
import type { ConditionAtom, ConditionTree } from './condition-tree.ts';
import type { Condition } from './condition.ts';

const MAX_CLAUSES = 64;

/** An atom or its opposite; undefined where it cannot be taken apart. */
type Literal = { readonly atom: ConditionAtom; readonly isNegated: boolean } | undefined;

/** What has to hold together. */
type Clause = readonly Literal[];

/**
 * Whether it is proved that every call which one condition is true of, another is true of too. False: it may be so, or not; this
 * compares bounds, sets, prefixes and the like of one path at a time, and knows nothing of what is opaque. Calls that the other
 * condition runs out of fuel for are left aside.
 */
export function isConditionWithin(inner: Pick<Condition, 'tree'>, outer: Pick<Condition, 'tree'>): boolean {
  const clauses = clausesOf(inner.tree);
  const goals = clausesOf(outer.tree);
  if (clauses === undefined || goals === undefined) return false;
  return clauses.every((clause) => goals.some((goal) => goal.every((literal) => isImplied(literal, clause))));
}

/** A condition as alternatives of literals: it is true exactly where all of one of them are. Undefined: too many. */
function clausesOf(tree: ConditionTree): readonly Clause[] | undefined {
  switch (tree.kind) {
    case 'atom':
      return [[{ atom: tree, isNegated: false }]];
    case 'not':
      return [[tree.term.kind === 'atom' ? { atom: tree.term, isNegated: true } : undefined]];
    case 'opaque':
      return [[undefined]];
    case 'constant':
      return tree.value ? [[]] : [];
    case 'any': {
      const clauses: Clause[] = [];
      for (const term of tree.terms) {
        const some = clausesOf(term);
        if (some === undefined || clauses.length + some.length > MAX_CLAUSES) return undefined;
        clauses.push(...some);
      }
      return clauses;
    }
    case 'all': {
      let clauses: readonly Clause[] = [[]];
      for (const term of tree.terms) {
        const some = clausesOf(term);
        if (some === undefined || clauses.length * some.length > MAX_CLAUSES) return undefined;
        clauses = clauses.flatMap((clause) => some.map((more) => clause.concat(more)));
      }
      return clauses;
    }
  }
}

function isImplied(goal: Literal, clause: Clause): boolean {
  return goal !== undefined && clause.some((literal) => literal !== undefined && implies(literal, goal));
}

function implies(left: NonNullable<Literal>, right: NonNullable<Literal>): boolean {
  if (isPresence(right) && begins(left.atom.path, right.atom.path)) return !isAbsence(left) || isSame(left, right);
  if (!isAboutSame(left.atom, right.atom)) return false;
  if (isSame(left, right)) return true;
  if (left.isNegated) return right.isNegated ? oppositeImplies(left.atom, right.atom) : excludes(left.atom, right.atom);
  const values = valuesOf(left.atom);
  if (right.isNegated) return false;
  if (values !== undefined) return values.every((value) => atomHolds(right.atom, value));
  return rangeImplies(left.atom, right.atom) || textImplies(left.atom, right.atom);
}

/** That the value is there, which everything else that is true of it says too. */
function isPresence({ atom, isNegated }: NonNullable<Literal>): boolean {
  return atom.operator === 'has' && !isNegated;
}

function isAbsence({ atom, isNegated }: NonNullable<Literal>): boolean {
  return atom.operator === 'has' && isNegated;
}

function begins(path: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => path[index] === name);
}

function isAboutSame(left: ConditionAtom, right: ConditionAtom): boolean {
  return left.path.length === right.path.length && begins(left.path, right.path) && left.ofSize === right.ofSize;
}

function isSame(left: NonNullable<Literal>, right: NonNullable<Literal>): boolean {
  return (
    left.isNegated === right.isNegated &&
    isAboutSame(left.atom, right.atom) &&
    left.atom.operator === right.atom.operator &&
    left.atom.zone === right.atom.zone &&
    JSON.stringify(left.atom.value) === JSON.stringify(right.atom.value)
  );
}

/** The only values of which an atom is true. Sizes say nothing of the values that have them. */
function valuesOf({ operator, value, ofSize }: ConditionAtom): readonly JsonValue[] | undefined {
  if (ofSize) return undefined;
  if (operator === '==') return [value];
  return operator === 'in' && isJsonArray(value) ? value : undefined;
}

function rangeImplies(left: ConditionAtom, right: ConditionAtom): boolean {
  const [value, bound] = [left.value, right.value];
  if (typeof value !== 'number' || typeof bound !== 'number') return false;
  const from = left.operator === '>' || left.operator === '>=' || left.operator === '==' ? value : undefined;
  const to = left.operator === '<' || left.operator === '<=' || left.operator === '==' ? value : undefined;
  const isOpen = left.operator === '>' || left.operator === '<';
  switch (right.operator) {
    case '>':
      return from !== undefined && (from > bound || (isOpen && from === bound));
    case '>=':
      return from !== undefined && from >= bound;
    case '<':
      return to !== undefined && (to < bound || (isOpen && to === bound));
    case '<=':
      return to !== undefined && to <= bound;
    case '!=':
      return (
        (from !== undefined && (from > bound || (isOpen && from === bound))) ||
        (to !== undefined && (to < bound || (isOpen && to === bound)))
      );
    default:
      return false;
  }
}

function textImplies(left: ConditionAtom, right: ConditionAtom): boolean {
  const [text, part] = [left.value, right.value];
  if (typeof text !== 'string' || typeof part !== 'string') return false;
  const isFixed = left.operator === 'startsWith' || left.operator === 'endsWith' || left.operator === 'contains';
  if (!isFixed) return false;
  if (right.operator === 'contains') return text.includes(part);
  if (right.operator !== left.operator) return false;
  return right.operator === 'startsWith' ? text.startsWith(part) : text.endsWith(part);
}

/** Not being in a set says not being in a part of it; not beginning with `a`, not beginning with `ab`. */
function oppositeImplies(left: ConditionAtom, right: ConditionAtom): boolean {
  if (left.operator === 'in' && right.operator === 'in' && isJsonArray(left.value) && isJsonArray(right.value)) {
    const values = left.value;
    return right.value.length > 0 && right.value.every((value) => values.includes(value));
  }
  return left.operator === right.operator && textImplies(right, left);
}

/** Not being in a set says being another than each of it. */
function excludes(left: ConditionAtom, right: ConditionAtom): boolean {
  return (
    right.operator === '!=' && left.operator === 'in' && isJsonArray(left.value) && left.value.includes(right.value)
  );
}
