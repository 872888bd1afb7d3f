import { decodedTexts } from '@callgate/inspector';
import { toolHistory, type Call } from '@callgate/policy';

import { argumentsOf, nameOf, type Link } from '../connection/link.ts';
import { historyNeeds } from './history-needs.ts';
import { stringsOf } from './strings-of.ts';

/** What is hidden in the arguments by encodings, where flows look at what a call sends. */
export function decodedArguments(link: Link, { method, params, server }: Call): readonly string[] | undefined {
  const { policy } = link.gate;
  if (!historyNeeds(policy).flows || method !== 'tools/call') return undefined;
  const tool = nameOf(method, params);
  const args = argumentsOf(method, params);
  if (tool === undefined || args === undefined || !toolHistory(policy, { server, tool }).maySend) return undefined;
  return decodedTexts(stringsOf(args));
}
