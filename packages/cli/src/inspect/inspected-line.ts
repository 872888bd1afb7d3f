import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Surface } from '@callgate/inspector';

import { InputError } from '../errors.ts';

/** The members of a line that are inspected, each with what it is taken for. */
const MEMBERS: readonly (readonly [member: string, surfaceOf: (value: JsonValue) => Surface])[] = [
  ['text', () => 'result'],
  ['result', () => 'result'],
  ['message', messageSurface],
];

/** What a line brings to be inspected, and what it is taken for. */
export interface InspectedLine {
  readonly value: JsonValue;
  readonly surface: Surface;
}

/**
 * Reads `{"id", "text"}`, `{"id", "result"}` or `{"id", "message"}`.
 *
 * @throws {InputError} when it brings nothing, or more than one thing
 */
export function readInspected(line: JsonValue): InspectedLine {
  const given = MEMBERS.filter(([member]) => isJsonObject(line) && own(line, member) !== undefined);
  const [only] = given;
  if (only === undefined || given.length > 1) {
    throw new InputError('expected an object with one of `text`, `result` and `message`');
  }
  const [member, surfaceOf] = only;
  const value = own(line as JsonObject, member) ?? null;
  if (member === 'text' && typeof value !== 'string') throw new InputError('expected `text` to be a string');
  return { value, surface: surfaceOf(value) };
}

function messageSurface(message: JsonValue): Surface {
  if (!isJsonObject(message)) return 'result';
  if (own(message, 'error') !== undefined) return 'error';
  if (own(message, 'method') === undefined) return 'result';
  return own(message, 'id') === undefined ? 'notification' : 'input-request';
}
