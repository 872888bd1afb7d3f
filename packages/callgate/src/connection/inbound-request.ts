import { deepFreeze, type JsonObject } from '@callgate/canonical';

import type { Verdict } from '../codes.ts';
import { inspectInbound, type Inspected } from '../inspection/inspect-inbound.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';
import { refuse } from '../verdicts.ts';
import { metaOf, type RequestId, type WireRequest } from '../wire.ts';
import { announceDecision } from './announce.ts';
import { askPolicy, countMessage } from './ask-policy.ts';
import { applyLimits } from './input-limits.ts';
import { actorOfServer } from './inbound-actor.ts';
import { targetOf, type Link } from './link.ts';
import { refusalOf } from './outbound-request.ts';
import { captureDecision, recordFirst } from './record.ts';

/**
 * Takes a server's request (sampling, elicitation, roots, ping, custom) along the path: what policy allows reaches the
 * host, within its limits; anything else is answered from here and never reaches it.
 */
export function receiveRequest(link: Link, message: WireRequest, extra: unknown): void | Promise<void> {
  // MCP 2026-07-28: servers must not send requests, and clients must not send responses.
  if (link.era === 'modern') return link.anomaly('request.unexpected', null, {});
  if (link.serverRequests.has(message.id)) return link.anomaly('request.id_reused', null, {});
  if (link.serverRequests.isFull) {
    link.anomaly('request.flood', null, {});
    return reply(link, message.id, message.method);
  }
  const { interceptors } = link.gate;
  const chain = interceptors.receiving('request', message.method);
  const params = message.params ?? {};
  if (chain.length === 0) return decideRequest(link, message, params, undefined, extra);
  const actor = actorOfServer(link);
  const outcome = runChain(chain, {
    event: message.method,
    phase: 'request',
    direction: 'server-to-client',
    server: link.serverName,
    principal: actor.principal,
    run: actor.run,
    payload: params,
  });
  const next = (ended: ChainOutcome): void | Promise<void> =>
    decideRequest(link, message, ended.status === 'success' ? ended.payload : params, ended, extra);
  return outcome instanceof Promise ? outcome.then(next) : next(outcome);
}

function decideRequest(
  link: Link,
  message: WireRequest,
  offered: JsonObject,
  chain: ChainOutcome | undefined,
  extra: unknown,
): void | Promise<void> {
  const { gate } = link;
  const request = gate.ids();
  const actor = actorOfServer(link);
  const asked = askPolicy(link, 'server-to-client', message.method, offered, { actor, request });
  const { decision } = asked;
  const verdict: Verdict =
    chain === undefined || chain.status === 'success' ? decision : refuse(refusalOf(chain), decision);
  countMessage(link, asked, verdict);
  const params = applyLimits(message.method, offered, verdict.obligations.limits);
  const target = targetOf(message.method, params);
  const facts = {
    server: link.serverName,
    method: message.method,
    target,
    requestId: message.id,
    request,
    sessionId: link.sessionId(),
  };
  gate.telemetry.decided(facts, verdict, undefined, 0);
  const captured = captureDecision(link, {
    now: asked.at,
    request,
    direction: 'server-to-client',
    message: 'request',
    method: message.method,
    params,
    actor,
    trace: readTraceContext(metaOf(params)),
    asked,
    verdict,
    interceptors: chain?.status === 'success' ? chain.changedBy : chain === undefined ? [] : [chain.by],
  });
  announceDecision(link, captured, verdict);
  const isRecorded = recordFirst(link, captured, verdict);
  const deliver = (inspected: Inspected): void => {
    const { verdict: found, rules } = inspected.record;
    if (found !== 'pass') link.anomaly('request.inspected', request, { method: message.method, verdict: found, rules });
    if ('refusal' in inspected) return reply(link, message.id, message.method);
    const { content } = inspected;
    link.serverRequests.add({ id: message.id, request, method: message.method, startedMs: gate.elapsedMs() });
    link.deliver(
      content === message.params || message.params === undefined ? message : { ...message, params: content },
      extra,
    );
  };
  const next = (mayGo: boolean): void | Promise<void> => {
    if (verdict.effect !== 'allow' || !mayGo) return reply(link, message.id, message.method);
    const bytes = JSON.stringify(params).length;
    const as = { rules: verdict.obligations.result, stage: verdict.stage, surface: 'input-request', bytes } as const;
    const inspected = inspectInbound(gate, params, as);
    return inspected instanceof Promise ? inspected.then(deliver) : deliver(inspected);
  };
  return isRecorded instanceof Promise ? isRecorded.then(next) : next(isRecorded);
}

/** What a server learns of a denial: that there was one. Codes, hints and approvers are for our own side. */
const REFUSED = { code: -32601, message: 'refused by the client' } as const;

/**
 * Answers a server's request from here. A denied elicitation is a declined one, as when a person declines; anything else
 * is a JSON-RPC error.
 */
function reply(link: Link, id: RequestId, method: string): void {
  if (link.isCongested) return link.anomaly('request.flood', null, {});
  const answer = deepFreeze(
    method === 'elicitation/create'
      ? { jsonrpc: '2.0', id, result: { action: 'decline' } }
      : { jsonrpc: '2.0', id, error: REFUSED },
  );
  link
    .dispatchOnce(answer, {})
    .catch((error: unknown) =>
      link.report(error instanceof Error ? error : new Error('answering the server failed', { cause: error })),
    );
}
