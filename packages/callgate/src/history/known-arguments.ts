import type { KnownArguments } from '@callgate/breaker';
import { decodedTexts } from '@callgate/inspector';
import { toolHistory, type Call, type CompiledPolicy } from '@callgate/policy';

import { argumentsOf, nameOf } from '../connection/link.ts';
import { historyNeeds } from './history-needs.ts';
import { stringsOf } from './strings-of.ts';

/**
 * What flows go by besides a call's arguments: what is hidden in them by encodings, where a call may send something.
 *
 * @param carries labels of content from quarantine in them
 */
export function knownArguments(
  policy: CompiledPolicy,
  { method, params, server }: Call,
  carries: readonly string[],
): KnownArguments | undefined {
  if (!historyNeeds(policy).flows || method !== 'tools/call') return undefined;
  const tool = nameOf(method, params);
  const args = argumentsOf(method, params);
  const maySend = tool !== undefined && args !== undefined && toolHistory(policy, { server, tool }).maySend;
  if (!maySend) return carries.length === 0 ? undefined : { carries };
  return { decoded: decodedTexts(stringsOf(args)), carries };
}
