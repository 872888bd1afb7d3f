import type { JsonObject } from '@callgate/canonical';

import type { Verdict } from '../codes.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import { announceDecision } from './announce.ts';
import { askPolicy, countMessage } from './ask-policy.ts';
import type { Exchange } from './exchange.ts';
import { applyLimits } from './input-limits.ts';
import type { Link } from './link.ts';
import { refusalOf } from './outbound-request.ts';
import { captureDecision, captureOutcome, recordFirst } from './record.ts';

/** What becomes of a request inside an answer: its params within policy, or why the whole answer is withheld. */
export type Embedded = { readonly params: JsonObject } | { readonly refusal: Refusal };

/**
 * Takes a request that a server put into an answer (MCP 2026-07-28 `inputRequests`; the URLs of error -32042) along the path
 * of a server's request: interceptors, decision, limits, record. The client acts on it by itself, and nothing else shows.
 */
export function decideEmbedded(
  link: Link,
  exchange: Exchange,
  method: string,
  offered: JsonObject,
): Embedded | Promise<Embedded> {
  const { interceptors } = link.gate;
  const chain = interceptors.receiving('request', method);
  if (chain.length === 0) return conclude(link, exchange, method, offered, undefined);
  const outcome = runChain(chain, {
    event: method,
    phase: 'request',
    direction: 'server-to-client',
    server: link.serverName,
    principal: exchange.actor.principal,
    run: exchange.actor.run,
    payload: offered,
  });
  const next = (ended: ChainOutcome): Embedded | Promise<Embedded> =>
    conclude(link, exchange, method, ended.status === 'success' ? ended.payload : offered, ended);
  return outcome instanceof Promise ? outcome.then(next) : next(outcome);
}

function conclude(
  link: Link,
  exchange: Exchange,
  method: string,
  offered: JsonObject,
  chain: ChainOutcome | undefined,
): Embedded | Promise<Embedded> {
  const { gate } = link;
  const { actor } = exchange;
  const request = gate.ids();
  const asked = askPolicy(link, 'server-to-client', method, offered, { actor, request });
  const { decision } = asked;
  const verdict: Verdict =
    chain === undefined || chain.status === 'success' ? decision : refuse(refusalOf(chain), decision);
  countMessage(link, asked, verdict);
  const params = applyLimits(method, offered, verdict.obligations.limits);
  const captured = captureDecision(link, {
    now: asked.at,
    request,
    direction: 'server-to-client',
    message: 'request',
    method,
    params,
    actor,
    trace: null,
    asked,
    verdict,
    interceptors: chain?.status === 'success' ? chain.changedBy : chain === undefined ? [] : [chain.by],
  });
  announceDecision(link, captured, verdict);
  const isRecorded = recordFirst(link, captured, verdict);
  const next = (mayGo: boolean): Embedded => {
    if (verdict.effect !== 'allow' || !mayGo) return { refusal: refusalFor(method, verdict) };
    // Its answer comes with a later request of the client, and is decided on there.
    gate.evidence.later(captureOutcome(link, request, 0, { outcome: 'ok', summary: { inside: exchange.request } }));
    return { params };
  };
  return isRecorded instanceof Promise ? isRecorded.then(next) : next(isRecorded);
}

function refusalFor(method: string, verdict: Verdict): Refusal {
  return {
    code: 'response.input_denied',
    message: `the server asked for \`${method.slice(0, 80)}\`, which is not allowed here (${verdict.code})`,
    next: verdict.effect === 'hold' ? 'request_approval' : 'stop',
  };
}
