import { isJsonArray, type JsonValue } from '@callgate/canonical';

import { compareText } from '../internal/compare-text.ts';
import { LOCK_VERSION, type Lock } from './lock.ts';
import { sortLock } from './sort-lock.ts';

/**
 * The text of a lock: one order of members and items, two spaces a level, one line a value, and a line break at the end, so that the
 * same lock has the same bytes and changes to different tools merge. {@link parseLock} gives the same lock back.
 */
export function printLock(lock: Lock): string {
  const { servers, revoked } = sortLock(lock);
  const document = { callgateLock: LOCK_VERSION, servers, revoked } as unknown as JsonValue;
  return `${printValue(document, '')}\n`;
}

/** JSON with keys in the order of RFC 8785, which objects cannot hold where keys look like numbers. */
export function printValue(value: JsonValue, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (isJsonArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${inner}${printValue(item, inner)}`).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
  if (members.length === 0) return '{}';
  const lines = members.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${printValue(item, inner)}`);
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
