import { own } from '@callgate/canonical';

import { ownerOf } from '../actor.ts';
import type { Refusal } from '../verdicts.ts';
import type { Exchange } from './exchange.ts';
import { nameOf, type Link } from './link.ts';
import { resumableDigest } from './resumable-digest.ts';

/** What the protocol's integrity refuses whatever the policy says. */
export function protocolRefusal(link: Link, exchange: Exchange): Refusal | undefined {
  const { gate } = link;
  const { method, params } = exchange;
  if (gate.isClosed) return { code: 'gate.closed', message: 'the gate is closed' };
  if (link.open.size > gate.maxOpenRequests) {
    return { code: 'protocol.too_many_requests', message: 'too many requests are open', retryable: true, next: 'wait' };
  }
  if (method === 'tools/call' && link.definitions.isAmbiguous(nameOf(method, params) ?? '')) {
    return {
      code: 'manifest.drifted',
      message: 'the server defined this tool twice, differently, in one listing',
      next: 'use_other_tool',
    };
  }
  if (method === 'tools/call' && link.definitions.isWithheld(nameOf(method, params) ?? '')) {
    return {
      code: 'definition.poisoned',
      message: 'the definition of this tool is withheld: inspection found something in it that must not reach a model',
      next: 'use_other_tool',
    };
  }
  if (method.startsWith('tasks/') && method !== 'tasks/list' && !isOwnTask(link, exchange)) {
    return { code: 'task.unknown', message: 'no governed call of this principal created this task' };
  }
  if (Object.hasOwn(params, 'inputResponses') && link.inputs.match(exchange) === undefined) {
    return { code: 'protocol.input_unknown', message: 'the server did not ask for this input' };
  }
  return resumptionRefusal(link, exchange);
}

function isOwnTask(link: Link, exchange: Exchange): boolean {
  const task = link.tasks.get(own(exchange.params, 'taskId'));
  return task !== undefined && ownerOf(task.actor) === ownerOf(exchange.actor);
}

function resumptionRefusal(link: Link, exchange: Exchange): Refusal | undefined {
  const token = exchange.options.resumptionToken;
  if (token === undefined) return undefined;
  const resumable = { server: link.serverName, method: exchange.method, params: resumableDigest(exchange) };
  return link.gate.resumptions.permits(token, resumable)
    ? undefined
    : { code: 'protocol.resumption_unknown', message: 'this resumption token was not given to the same governed call' };
}
