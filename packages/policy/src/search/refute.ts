import { isJsonArray, type JsonValue } from '@callgate/canonical';

import { propertyOf } from '../compare/any-value.ts';
import { INTEGER, listedValues, NUMBER, numbersOf } from '../compare/check-sets.ts';
import { atomHolds } from '../conditions/atom-holds.ts';
import type { ConditionAtom, ConditionTree } from '../conditions/condition-tree.ts';
import { accepts, type ObjectCheck, type ValueCheck } from '../envelope/value-check.ts';

/**
 * Proves that a condition is true of no arguments that an envelope accepts. False says nothing: terms are looked at one by one, and only
 * those that compare an argument with fixed values.
 */
export function isRefuted(tree: ConditionTree, envelope: ObjectCheck): boolean {
  switch (tree.kind) {
    case 'constant':
      return !tree.value;
    case 'all':
      return tree.terms.some((term) => isRefuted(term, envelope));
    case 'any':
      return tree.terms.every((term) => isRefuted(term, envelope));
    case 'atom':
      return isAtomRefuted(tree, envelope);
    case 'not':
      return tree.term.kind === 'atom' && tree.term.operator === 'has' && isAlwaysThere(tree.term, envelope);
    case 'opaque':
      return false;
  }
}

function isAtomRefuted(atom: ConditionAtom, envelope: ObjectCheck): boolean {
  const found = checkAt(atom, envelope);
  if (found === undefined) return false;
  // where there is nothing, `has` is false and every comparison an error
  return found === 'nothing' || isNeverTrue(atom, found);
}

/** What is at the path of an atom in accepted arguments; undefined: not known, or no argument. */
function checkAt(
  { path: [variable, ...names] }: ConditionAtom,
  envelope: ObjectCheck,
): ValueCheck | 'nothing' | undefined {
  if (variable !== 'arguments' || names.length === 0) return undefined;
  let object: ObjectCheck | undefined = envelope;
  let check: ValueCheck | undefined;
  for (const name of names) {
    if (object === undefined) return undefined;
    check = propertyOf(object, name);
    if (check === undefined) return 'nothing';
    object = check.object;
  }
  return check;
}

function isAlwaysThere({ path: [variable, name, ...rest] }: ConditionAtom, envelope: ObjectCheck): boolean {
  return variable === 'arguments' && rest.length === 0 && envelope.byName.get(name ?? '')?.isRequired === true;
}

function isNeverTrue(atom: ConditionAtom, check: ValueCheck): boolean {
  const { operator, value, ofSize } = atom;
  if (operator === 'has' || operator === 'window') return false;
  const fixed = [value].flat() as readonly JsonValue[];
  if (!fixed.every(isScalar)) return false;
  const listed = listedValues(check);
  if (listed !== undefined && listed.every(isScalar)) {
    return isComparable(atom) && listed.every((item) => !atomHolds(atom, item));
  }
  if (ofSize) return false;
  if (operator === '==' || operator === 'in') return fixed.every((item) => !accepts(check, item));
  return typeof value === 'number' && check.kind === undefined && isOutside(operator, value, check);
}

/** Orders of texts are compared by conditions in ways of their own. */
function isComparable({ operator, value }: ConditionAtom): boolean {
  return !['<', '<=', '>', '>='].includes(operator) || typeof value === 'number';
}

function isScalar(value: JsonValue): boolean {
  return !isJsonArray(value) && (typeof value !== 'object' || value === null);
}

/** Whether no number that passes is on that side of the bound. */
function isOutside(operator: ConditionAtom['operator'], bound: number, check: ValueCheck): boolean {
  if (!(check.types & (NUMBER | INTEGER))) return false;
  const { low, isLowOpen, high, isHighOpen } = numbersOf(check);
  switch (operator) {
    case '>':
      return high <= bound;
    case '>=':
      return high < bound || (high === bound && isHighOpen);
    case '<':
      return low >= bound;
    case '<=':
      return low > bound || (low === bound && isLowOpen);
    default:
      return false;
  }
}
