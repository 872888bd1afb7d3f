import { OUT_OF_FUEL, spend, spendText } from './fuel.ts';
import {
  Duration,
  Failure,
  Timestamp,
  isList,
  isMap,
  memberOf,
  type List,
  type Members,
  type Scope,
  type Value,
} from './value.ts';

const MAX_DEPTH = 64;

const TOO_DEEP = new Failure('evaluation', 'values nested too deeply to compare');

/**
 * Whether two values are equal, or why that cannot be said: unlike in CEL, values of different kinds are neither equal nor
 * unequal, inside lists and maps as well.
 *
 * @param mismatch the failure for values of different kinds
 */
export function areEqual(left: Value, right: Value, scope: Scope, mismatch: Failure, depth = 0): boolean | Failure {
  if (!spend(scope, 1)) return OUT_OF_FUEL;
  switch (typeof left) {
    case 'string':
      if (typeof right !== 'string') return mismatch;
      return spendText(scope, Math.min(left.length, right.length)) ? left === right : OUT_OF_FUEL;
    case 'number':
    case 'boolean':
      return typeof right === typeof left ? left === right : mismatch;
    default:
      return areObjectsEqual(left, right, scope, mismatch, depth);
  }
}

function areObjectsEqual(
  left: null | List | Members | Timestamp | Duration,
  right: Value,
  scope: Scope,
  mismatch: Failure,
  depth: number,
): boolean | Failure {
  if (left === null) return right === null ? true : mismatch;
  if (depth > MAX_DEPTH) return TOO_DEEP;
  if (isList(left)) return isList(right) ? areListsEqual(left, right, scope, mismatch, depth) : mismatch;
  if (left instanceof Timestamp || left instanceof Duration) {
    return areSameKindOfTime(left, right) ? left.ms === right.ms && left.nanos === right.nanos : mismatch;
  }
  return isMap(right) ? areMapsEqual(left, right, scope, mismatch, depth) : mismatch;
}

function areSameKindOfTime(left: Timestamp | Duration, right: Value): right is Timestamp | Duration {
  return left instanceof Timestamp ? right instanceof Timestamp : right instanceof Duration;
}

/** A mismatch counts for more than a difference, so that the answer does not depend on the order. */
function areListsEqual(left: List, right: List, scope: Scope, mismatch: Failure, depth: number): boolean | Failure {
  if (left.length !== right.length) return false;
  let areAll = true;
  for (const [index, item] of left.entries()) {
    const equal = areEqual(item, right[index] ?? null, scope, mismatch, depth + 1);
    if (equal instanceof Failure) return equal;
    areAll &&= equal;
  }
  return areAll;
}

function areMapsEqual(
  left: Members,
  right: Members,
  scope: Scope,
  mismatch: Failure,
  depth: number,
): boolean | Failure {
  const keys = Object.keys(left);
  if (!spend(scope, keys.length)) return OUT_OF_FUEL;
  if (keys.length !== Object.keys(right).length || keys.some((key) => !Object.hasOwn(right, key))) return false;
  let areAll = true;
  for (const key of keys) {
    const equal = areEqual(memberOf(left, key) ?? null, memberOf(right, key) ?? null, scope, mismatch, depth + 1);
    if (equal instanceof Failure) return equal;
    areAll &&= equal;
  }
  return areAll;
}
