import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { InputError } from '../errors.ts';
import { ServerAnswerError } from './channel.ts';

/** The result in an answer. */
export function resultOf(answer: JsonObject): JsonObject {
  const error = own(answer, 'error');
  if (error !== undefined) {
    const code = isJsonObject(error) ? own(error, 'code') : undefined;
    throw new ServerAnswerError(typeof code === 'number' ? code : 0);
  }
  const result = own(answer, 'result');
  if (!isJsonObject(result)) throw new InputError('expected an answer with an object as its result');
  return result;
}

/** Whether a message is the answer to the request of this number. */
export function isAnswerTo(message: JsonValue | undefined, id: number): message is JsonObject {
  return isJsonObject(message) && own(message, 'method') === undefined && own(message, 'id') === id;
}
