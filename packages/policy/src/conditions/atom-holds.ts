import { isJsonArray, isJsonObject, type JsonValue } from '@callgate/canonical';

import { compilePattern } from '../envelope/pattern.ts';
import { codePoints } from '../envelope/shape.ts';
import type { ConditionAtom } from './condition-tree.ts';

/**
 * Whether an atom is true of a value at its path. False also stands for an error: where the value is of another type than the
 * atom compares with.
 */
export function atomHolds(atom: ConditionAtom, whole: JsonValue): boolean {
  const { operator, value: fixed } = atom;
  const value = atom.ofSize ? sizeOf(whole) : whole;
  switch (operator) {
    case '==':
      return value === fixed;
    case '!=':
      return fixed === null ? value !== null : typeof value === typeof fixed && isScalar(value) && value !== fixed;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeof value === 'number' && typeof fixed === 'number' && isOrdered(value, operator, fixed);
    case 'in':
      return isJsonArray(fixed) && fixed.includes(value);
    case 'includes':
      return isJsonArray(value) && value.includes(fixed);
    case 'has':
      return true;
    case 'startsWith':
      return areTexts(value, fixed, (text, other) => text.startsWith(other));
    case 'endsWith':
      return areTexts(value, fixed, (text, other) => text.endsWith(other));
    case 'contains':
      return areTexts(value, fixed, (text, other) => text.includes(other));
    case 'matches':
      return areTexts(value, fixed, (text, other) => compilePattern(other)(text));
    case 'window':
      return false;
  }
}

function areTexts(left: JsonValue, right: JsonValue, holds: (left: string, right: string) => boolean): boolean {
  return typeof left === 'string' && typeof right === 'string' && holds(left, right);
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}

function isOrdered(value: number, operator: '<' | '<=' | '>' | '>=', bound: number): boolean {
  if (operator === '<') return value < bound;
  if (operator === '<=') return value <= bound;
  return operator === '>' ? value > bound : value >= bound;
}

function sizeOf(value: JsonValue): JsonValue {
  if (typeof value === 'string') return codePoints(value);
  if (isJsonArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : null;
}
