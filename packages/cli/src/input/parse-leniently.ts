import type { JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';

/**
 * Parses what may hold what strict readers refuse, lone surrogates among them: that is to be inspected, not refused.
 *
 * @throws {InputError} when it is not JSON
 */
export function parseLeniently(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new InputError('expected JSON');
  }
}
