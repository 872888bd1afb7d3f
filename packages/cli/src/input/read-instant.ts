import type { JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { parseTime } from './parse-time.ts';

/**
 * A moment in a line of a log: milliseconds since 1970, or text.
 *
 * @throws {InputError} when it is neither
 */
export function readInstant(value: JsonValue | undefined, pointer: string): number | undefined {
  if (value === undefined || typeof value === 'number') return value;
  const time = typeof value === 'string' ? parseTime(value) : undefined;
  if (time === undefined) {
    throw new InputError(`expected a time at \`${pointer}\`: milliseconds since 1970, or as 2026-11-20T10:00:00Z`);
  }
  return time;
}
