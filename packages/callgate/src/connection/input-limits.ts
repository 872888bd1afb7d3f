import { own, type JsonObject } from '@callgate/canonical';

import { without } from './handshake.ts';

/**
 * A server's sampling request within the limits of its decision: no tools of the server's making, no context of other
 * servers, no more tokens than policy grants. Other methods pass as they are.
 *
 * @param limits `{ maxTokens? }` as the policy's obligations give it; undefined where policy sets none
 */
export function applyLimits(method: string, params: JsonObject, limits: JsonObject | undefined): JsonObject {
  if (method !== 'sampling/createMessage' || limits === undefined) return params;
  let result = params;
  if (own(limits, 'tools') === false) result = without(without(result, 'tools'), 'toolChoice');
  const includeContext = own(limits, 'includeContext');
  if (typeof includeContext === 'string' && Object.hasOwn(result, 'includeContext'))
    result = { ...result, includeContext };
  const most = own(limits, 'maxTokens');
  const asked = own(result, 'maxTokens');
  if (typeof most === 'number' && (typeof asked !== 'number' || asked > most)) result = { ...result, maxTokens: most };
  return result;
}
