import { deepFreeze, own, type JsonObject } from '@callgate/canonical';
import { isProtocolRequest } from '@callgate/policy';

import type { Verdict } from '../codes.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import { isRequestId, metaOf, type WireNotification } from '../wire.ts';
import { announceDecision } from './announce.ts';
import { askPolicy, countMessage } from './ask-policy.ts';
import { judgeArguments } from './judge-arguments.ts';
import type { Link } from './link.ts';
import { refusalOf } from './outbound-request.ts';
import { captureDecision, recordFirst } from './record.ts';
import { settle } from './settle.ts';

/** Takes one notification of the client along the path. A refused one is dropped: nobody waits for an answer. */
export function sendNotification(link: Link, message: WireNotification, options: SendOptions): Promise<void> {
  if (message.method === 'notifications/cancelled') return sendCancellation(link, message, options);
  return sendDecided(link, message, options);
}

/**
 * A cancellation concerns one of the client's own requests. One that is still being decided is dropped together with its
 * cancellation, so that the server never sees a cancellation before, or without, its request.
 */
function sendCancellation(link: Link, message: WireNotification, options: SendOptions): Promise<void> {
  const requestId = message.params === undefined ? undefined : own(message.params, 'requestId');
  const exchange = isRequestId(requestId) ? link.open.get(requestId) : undefined;
  if (exchange === undefined) {
    // After the answer (a race) a cancellation says nothing that the server could use.
    if (!isRequestId(requestId) || !link.open.isDone(requestId)) link.anomaly('cancel.unmatched', null, {});
    return Promise.resolve();
  }
  const wasSent = exchange.phase === 'sent';
  settle(link, exchange, { outcome: 'cancelled' });
  return wasSent ? sendDecided(link, message, options) : Promise.resolve();
}

function sendDecided(link: Link, message: WireNotification, options: SendOptions): Promise<void> {
  const chain = link.gate.interceptors.select('mutation', 'request', message.method);
  const params = message.params ?? {};
  if (chain.length === 0) return decideAndSend(link, message, options, params, []);
  const outcome = runChain(chain, interception(link, message.method, params));
  const next = (result: ChainOutcome): Promise<void> =>
    result.status === 'success'
      ? decideAndSend(link, message, options, result.payload, result.changedBy)
      : Promise.resolve(link.anomaly('evaluation.error', null, { interceptor: result.by }));
  return outcome instanceof Promise ? outcome.then(next) : next(outcome);
}

async function decideAndSend(
  link: Link,
  message: WireNotification,
  options: SendOptions,
  offered: JsonObject,
  changedBy: readonly string[],
): Promise<void> {
  const { gate } = link;
  const actor = gate.actors.current() ?? link.defaultActor;
  const params = deepFreeze(link.outboundMeta?.apply(message.method, offered).params ?? offered);
  const request = gate.ids();
  const asked = askPolicy(link, 'client-to-server', message.method, params, { actor, request });
  const decided = isProtocolRequest('client-to-server', message.method)
    ? refuse(WITHOUT_ID, asked.decision)
    : asked.decision;
  countMessage(link, asked, decided);
  const verdict = await validated(link, message.method, params, decided);
  const captured = captureDecision(link, {
    now: asked.at,
    request,
    direction: 'client-to-server',
    message: 'notification',
    method: message.method,
    params,
    actor,
    trace: readTraceContext(metaOf(params)),
    asked,
    verdict,
    interceptors: changedBy,
  });
  announceDecision(link, captured, verdict);
  const isRecorded = await recordFirst(link, captured, verdict);
  if (verdict.effect !== 'allow' || !isRecorded || link.isClosed) return;
  const hasParams = message.params !== undefined || changedBy.length > 0;
  const wire = deepFreeze({ jsonrpc: '2.0', method: message.method, ...(hasParams ? { params } : {}) });
  await link.dispatchOnce(wire, options);
}

/** Its answer could be neither inspected nor counted, and a server may act on it all the same. */
const WITHOUT_ID: Refusal = {
  code: 'method.not_allowed',
  message: 'expected a request with an id: as a notification it would have no answer',
};

async function validated(link: Link, method: string, params: JsonObject, decision: Verdict): Promise<Verdict> {
  // A closing gate waits for open calls, and lets them be cancelled.
  if (link.gate.isClosed && method !== 'notifications/cancelled')
    return refuse({ code: 'gate.closed', message: 'the gate is closed' }, decision);
  const judged = judgeArguments(method, params, decision, []);
  const chain = link.gate.interceptors.select('validation', 'request', method);
  if (judged.effect !== 'allow' || chain.length === 0) return judged;
  const outcome = await runChain(chain, interception(link, method, params));
  return outcome.status === 'success' ? judged : refuse(refusalOf(outcome), judged);
}

function interception(link: Link, event: string, payload: JsonObject): Parameters<typeof runChain>[1] {
  const actor = link.gate.actors.current() ?? link.defaultActor;
  return {
    event,
    phase: 'request',
    direction: 'client-to-server',
    server: link.serverName,
    principal: actor.principal,
    run: actor.run,
    payload,
  };
}
