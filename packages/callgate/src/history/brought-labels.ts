import { fingerprintsOf } from '@callgate/breaker';
import { own, type JsonValue } from '@callgate/canonical';
import { toolLabels } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import { nameOf, type Link } from '../connection/link.ts';
import { historyNeeds, policyOf } from './history-needs.ts';
import { stringsOf } from './strings-of.ts';

/** The label of what a stranger's server said, and of text that speaks to the model. */
export const UNTRUSTED = 'untrusted';

/**
 * What policy says that an answer is: by its tool and server, be it the result of a call or of the task that runs it, and by the calls that
 * a dispatcher carries. Sorted.
 */
export function declaredLabels(link: Link, exchange: Exchange): readonly string[] {
  const { method, params } = exchange;
  const task = method.startsWith('tasks/') ? link.tasks.get(own(params, 'taskId')) : undefined;
  if (task !== undefined) return task.labels;
  const tool = method === 'tools/call' ? nameOf(method, params) : undefined;
  const labels = tool === undefined ? [] : toolLabels(policyOf(link, exchange), { server: link.serverName, tool });
  const trust = link.server?.trust === 'external' ? [UNTRUSTED] : [];
  return [...new Set([...labels, ...trust, ...(exchange.asked?.attempt?.labels ?? [])])].toSorted();
}

/** Something that a run sees, or sends on, without a call of its own that brings it. */
export interface SeenContent {
  /** The gate's id of the call that it is of. */
  readonly call: string;
  readonly labels: readonly string[];
  readonly content: JsonValue;
}

/** Joins the labels of what it sees to the run of an exchange. False where there is no room to remember that: then it must not see it. */
export function joinSeen(
  link: Link,
  { actor }: Pick<Exchange, 'actor'>,
  { call, labels, content }: SeenContent,
): boolean {
  const { history, policy } = link.gate;
  if (actor.run === undefined || labels.length === 0 || !historyNeeds(policy).flows) return true;
  const runs = [actor.run, ...actor.parents];
  const isConfidential = labels.some((label) => label !== UNTRUSTED);
  return history.join({
    call,
    runs,
    labels,
    ...(isConfidential ? { fingerprints: fingerprintsOf(stringsOf(content)) } : {}),
  });
}
