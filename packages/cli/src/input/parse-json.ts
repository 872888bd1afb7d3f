import { clonePlain, DEFAULT_PLAIN_DATA_LIMITS, PlainDataError, type JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { hasRepeatedName } from './repeated-name.ts';

/**
 * Parses JSON into frozen plain data with the bounds of one message (depth 64, 100,000 values, 16 Mi characters).
 *
 * @throws {InputError} when it is not JSON, beyond the bounds, or names a member twice; the message never repeats what the text holds
 */
export function parseJson(text: string): JsonValue {
  const value = parsePlain(text);
  if (hasRepeatedName(text, DEFAULT_PLAIN_DATA_LIMITS.maxDepth))
    throw new InputError('expected each name of an object once, got one twice');
  return value;
}

function parsePlain(text: string): JsonValue {
  try {
    return clonePlain(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof PlainDataError) throw new InputError(cause.message, { cause });
    throw new InputError(`expected JSON${jsonPlace(cause, text)}`, { cause });
  }
}

/** Where parsing stopped, in the runtime's words; they differ between versions and may be absent. */
function jsonPlace(error: unknown, text: string): string {
  const position = /position (?<position>\d+)/u.exec(error instanceof Error ? error.message : '')?.groups?.['position'];
  if (position !== undefined) return `, stopped at character ${Number(position) + 1}`;
  return text.trim() === '' ? ', got nothing' : '';
}
