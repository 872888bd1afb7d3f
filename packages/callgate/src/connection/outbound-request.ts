import { InternalError, own, type JsonObject } from '@callgate/canonical';
import type { Decision } from '@callgate/policy';

import type { Verdict } from '../codes.ts';
import { GateError } from '../errors.ts';
import { errorClass, runChain, type ChainOutcome } from '../interceptors.ts';
import { activeTraceContext, readTraceContext } from '../telemetry/trace-context.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import { repeatedOutcome, withIdempotencyKey } from '../history/idempotent-call.ts';
import { waitForPlace } from '../history/wait-for-place.ts';
import { judgeByLock } from '../lock/judge-by-lock.ts';
import { listFirst } from '../lock/list-first.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import { isModern, isRequestId, metaOf, type RequestId, type WireRequest } from '../wire.ts';
import { announceDecision } from './announce.ts';
import { answerHere, deliverHere } from './answer.ts';
import { askPolicy } from './ask-policy.ts';
import type { Exchange } from './exchange.ts';
import { forward } from './forward.ts';
import { judgeArguments } from './judge-arguments.ts';
import { targetOf, type Link } from './link.ts';
import { prepareParams } from './prepare-params.ts';
import {
  HANDLE_UNAVAILABLE,
  handlesIn,
  withContent,
  withoutContent,
  type HandedContent,
} from './quarantined-arguments.ts';
import { protocolRefusal } from './protocol-refusal.ts';
import { captureDecision, decisionEntry, recordFirst, type PendingDecision } from './record.ts';
import { settle } from './settle.ts';

/**
 * Takes one request of the client along the path: mutate, attenuate, decide, validate, record, forward.
 *
 * The promise resolves once the message is on its way or answered from here; it rejects with the transport's own error,
 * by identity, and never because of a denial.
 *
 * @param message frozen plain data
 */
export function sendRequest(link: Link, message: WireRequest, options: SendOptions): Promise<void> {
  if (link.open.get(message.id) !== undefined) {
    // Answering under this id would settle the request that has it.
    link.anomaly('request.id_reused', null, {});
    return Promise.reject(
      new GateError('CALLGATE_MESSAGE_REFUSED', 'expected an unused request id, got one that is in use'),
    );
  }
  const exchange = openExchange(link, message, options);
  link.open.add(exchange);
  try {
    watchCallerAbort(link, exchange);
    return mutate(link, exchange);
  } catch (error) {
    return failClosed(link, exchange, error);
  }
}

function openExchange(link: Link, message: WireRequest, options: SendOptions): Exchange {
  const params = message.params ?? NO_PARAMS;
  const request = link.gate.ids();
  const token = own(metaOf(params) ?? NO_PARAMS, 'progressToken');
  const facts = {
    server: link.serverName,
    method: message.method,
    target: targetOf(message.method, params),
    requestId: message.id,
    request,
    sessionId: link.sessionId(),
  };
  return {
    id: message.id,
    request,
    method: message.method,
    actor: link.gate.actors.current() ?? link.defaultActor,
    isModern: isModern(params),
    isTaskCall: isTaskCall(message.method, params),
    options,
    startedMs: link.gate.elapsedMs(),
    params,
    hasParams: message.params !== undefined,
    wire: undefined,
    phase: 'deciding',
    decidedAt: link.gate.clock.now(),
    asked: undefined,
    verdict: undefined,
    carries: NONE,
    reserved: undefined,
    isRecorded: false,
    facts,
    span: link.gate.telemetry.startCall(facts),
    progress: 0,
    progressToken: isRequestId(token) ? token : undefined,
    abort: undefined,
    cleanups: [],
    resumableDigest: undefined,
  };
}

const NO_PARAMS: JsonObject = Object.freeze({});

/** A caller that aborts (SDK v2 on HTTP) ends the exchange in whatever phase it is. */
function watchCallerAbort(link: Link, exchange: Exchange): void {
  const signal = exchange.options.requestSignal;
  if (signal === undefined) return;
  const onAbort = (): void => {
    settle(link, exchange, { outcome: 'cancelled' });
  };
  if (signal.aborted) return onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  exchange.cleanups.push(() => signal.removeEventListener('abort', onAbort));
}

function mutate(link: Link, exchange: Exchange): Promise<void> {
  const chain = link.gate.interceptors.select('mutation', 'request', exchange.method);
  if (chain.length === 0) return decideListed(link, exchange, NONE);
  const outcome = runChain(chain, interceptionOf(link, exchange));
  const next = (result: ChainOutcome): Promise<void> => {
    if (result.status !== 'success') return conclude(link, exchange, refuse(refusalOf(result)), [result.by]);
    if (result.changedBy.length > 0) adoptParams(exchange, result.payload);
    return decideListed(link, exchange, result.changedBy);
  };
  return outcome instanceof Promise ? outcome.then(guarded(link, exchange, next)) : next(outcome);
}

/** What an interceptor made of the params is what everything from here on goes by. */
function adoptParams(exchange: Exchange, params: JsonObject): void {
  exchange.params = params;
  exchange.hasParams = true;
  exchange.facts = { ...exchange.facts, target: targetOf(exchange.method, params) };
  exchange.isTaskCall = isTaskCall(exchange.method, params);
}

function isTaskCall(method: string, params: JsonObject): boolean {
  return method === 'tools/call' && Object.hasOwn(params, 'task');
}

/** Decides, once what the request names is listed where the lock needs that. */
function decideListed(link: Link, exchange: Exchange, changedBy: readonly string[]): Promise<void> {
  const listing = link.lock === undefined ? undefined : listFirst(link, exchange);
  if (listing === undefined) return decideNow(link, exchange, changedBy);
  return listing.then(guarded(link, exchange, () => decideNow(link, exchange, changedBy)));
}

function decideNow(link: Link, exchange: Exchange, changedBy: readonly string[]): Promise<void> {
  if (exchange.phase === 'done') return Promise.resolve();
  const handles = handlesIn(link, exchange);
  if (handles.length === 0) return decideOn(link, exchange, changedBy, NONE);
  const next = (content: HandedContent | undefined): Promise<void> => {
    if (content === undefined) return conclude(link, exchange, refuse(HANDLE_UNAVAILABLE), changedBy);
    exchange.params = content.params;
    exchange.carries = content.labels;
    return decideOn(
      link,
      exchange,
      changedBy,
      handles.map(({ pointer }) => pointer),
    );
  };
  return withContent(link, exchange, handles).then(guarded(link, exchange, next));
}

/** @param withheld pointers of arguments that are content from quarantine, of which nothing is told */
function decideOn(
  link: Link,
  exchange: Exchange,
  changedBy: readonly string[],
  withheld: readonly string[],
): Promise<void> {
  if (exchange.phase === 'done') return Promise.resolve();
  exchange.params = withIdempotencyKey(link, exchange);
  exchange.params = prepareParams(link, exchange);
  const judgeNow = (): Verdict => judge(link, exchange, withheld);
  const verdict = judgeNow();
  const waiting = waitForPlace(exchange, verdict, judgeNow);
  if (waiting === undefined) return actOn(link, exchange, verdict, changedBy);
  return waiting.then(guarded(link, exchange, (last) => actOn(link, exchange, last, changedBy)));
}

/** Asks policy, and the lock, now. What may go ahead is reserved in the same breath, so that nothing else is counted in between. */
function judge(link: Link, exchange: Exchange, withheld: readonly string[]): Verdict {
  const { gate } = link;
  const startedMs = gate.telemetry.isMetered || exchange.span !== undefined ? gate.elapsedMs() : 0;
  exchange.asked = askPolicy(link, 'client-to-server', exchange.method, exchange.params, exchange);
  exchange.decidedAt = exchange.asked.at;
  const { decision } = exchange.asked;
  const refusal = protocolRefusal(link, exchange);
  const verdict: Verdict =
    refusal === undefined
      ? judgeSent(link, exchange, withoutContent(decision, withheld), withheld)
      : refuse(refusal, decision);
  const durationMs = startedMs === 0 ? 0 : gate.elapsedMs() - startedMs;
  gate.telemetry.decided(exchange.facts, verdict, exchange.span, durationMs);
  if (verdict.effect === 'allow') {
    const { attempt } = exchange.asked;
    attempt?.reserve();
    exchange.reserved = attempt;
  }
  return verdict;
}

function actOn(link: Link, exchange: Exchange, verdict: Verdict, changedBy: readonly string[]): Promise<void> {
  if (exchange.phase === 'done') return Promise.resolve();
  if (verdict.effect === 'allow') return validate(link, exchange, verdict, changedBy);
  const attempt = exchange.asked?.attempt;
  if (attempt !== undefined) link.gate.history.note(attempt.id, attempt.drop(verdict.code));
  return conclude(link, exchange, verdict, changedBy);
}

/** What policy decided, made stricter by the lock and by what would be sent. */
function judgeSent(link: Link, { method, params }: Exchange, decision: Decision, withheld: readonly string[]): Verdict {
  return judgeArguments(method, params, judgeByLock(link, method, params, decision), withheld);
}

function validate(link: Link, exchange: Exchange, verdict: Verdict, changedBy: readonly string[]): Promise<void> {
  const chain = link.gate.interceptors.select('validation', 'request', exchange.method);
  if (chain.length === 0) return conclude(link, exchange, verdict, changedBy);
  const outcome = runChain(chain, interceptionOf(link, exchange));
  const next = (result: ChainOutcome): Promise<void> => {
    if (result.status === 'success') return conclude(link, exchange, verdict, changedBy);
    return conclude(link, exchange, refuse(refusalOf(result), verdict), [...changedBy, result.by]);
  };
  return outcome instanceof Promise ? outcome.then(guarded(link, exchange, next)) : next(outcome);
}

/** Records the verdict and acts on it: an answer from here, or the message on its way once its record is as durable as its ring demands. */
function conclude(link: Link, exchange: Exchange, verdict: Verdict, interceptors: readonly string[]): Promise<void> {
  if (exchange.phase === 'done') return Promise.resolve();
  exchange.verdict = verdict;
  const captured = captureFor(link, exchange, verdict, interceptors);
  const isRecorded = recordFirst(link, captured, verdict);
  exchange.isRecorded = verdict.effect === 'allow';
  announceDecision(link, captured, verdict);
  if (verdict.effect !== 'allow') return deny(link, exchange, verdict);
  const next = (mayGo: boolean): Promise<void> =>
    mayGo ? forward(link, exchange, verdict) : deny(link, exchange, refuse(AUDIT_UNAVAILABLE, verdict));
  return isRecorded instanceof Promise ? isRecorded.then(guarded(link, exchange, next)) : next(isRecorded);
}

function captureFor(
  link: Link,
  exchange: Exchange,
  verdict: Verdict,
  interceptors: readonly string[],
): PendingDecision {
  return captureDecision(link, {
    now: exchange.decidedAt,
    request: exchange.request,
    direction: 'client-to-server',
    message: 'request',
    method: exchange.method,
    params: exchange.params,
    actor: exchange.actor,
    trace: readTraceContext(metaOf(exchange.params)) ?? activeTraceContext(),
    asked: exchange.asked,
    verdict,
    interceptors,
  });
}

const AUDIT_UNAVAILABLE: Refusal = {
  code: 'audit.unavailable',
  message: 'the decision could not be recorded',
  retryable: true,
  next: 'wait',
};

function deny(link: Link, exchange: Exchange, verdict: Verdict): Promise<void> {
  if (!settle(link, exchange, { outcome: 'denied', code: verdict.code })) return Promise.resolve();
  const repeated = repeatedOutcome(link, verdict);
  if (repeated === undefined) answerHere(link, exchange, verdict);
  else deliverHere(link, { jsonrpc: '2.0', id: exchange.id, result: repeated });
  return Promise.resolve();
}

function interceptionOf(link: Link, exchange: Exchange): Parameters<typeof runChain>[1] {
  return {
    event: exchange.method,
    phase: 'request',
    direction: 'client-to-server',
    server: link.serverName,
    principal: exchange.actor.principal,
    run: exchange.actor.run,
    payload: exchange.params,
  };
}

/** What a chain that did not succeed makes of a message. */
export function refusalOf(outcome: Exclude<ChainOutcome, { readonly status: 'success' }>): Refusal {
  return outcome.status === 'refused'
    ? { code: 'interceptor.refused', message: `refused by ${outcome.by}: ${outcome.reason.slice(0, 200)}` }
    : { code: 'interceptor.failed', message: `the interceptor ${outcome.by} failed`, retryable: true };
}

/** `next` with every exception turned into a denial. */
function guarded<T>(link: Link, exchange: Exchange, next: (value: T) => Promise<void>): (value: T) => Promise<void> {
  return (value) => {
    try {
      return next(value);
    } catch (error) {
      return failClosed(link, exchange, error);
    }
  };
}

/** An exception anywhere on the path is a denial of its own, and is recorded. */
function failClosed(link: Link, exchange: Exchange, error: unknown): Promise<void> {
  if (exchange.phase !== 'deciding')
    return Promise.reject(error instanceof Error ? error : new InternalError('not an error'));
  link.anomaly('evaluation.error', exchange.request, { error: errorClass(error) });
  const verdict = refuse({ code: 'evaluation.error', message: 'the call could not be decided' });
  exchange.verdict = verdict;
  link.gate.evidence.note(decisionEntry(captureFor(link, exchange, verdict, NONE)));
  return deny(link, exchange, verdict);
}

const NONE: readonly string[] = Object.freeze([]);

/** Answers a request whose message is not plain data, as far as its head can be read. */
export function refuseUnreadable(link: Link, id: RequestId, method: string, reason: string): Promise<void> {
  const exchange = openExchange(link, { jsonrpc: '2.0', id, method }, {});
  link.open.add(exchange);
  const verdict = refuse({
    code: 'message.not_plain',
    message: `the message is not plain JSON data: ${reason}`,
    next: 'fix_arguments',
  });
  return conclude(link, exchange, verdict, NONE);
}
