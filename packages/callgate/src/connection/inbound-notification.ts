import { own, type JsonObject } from '@callgate/canonical';
import { decide } from '@callgate/policy';

import { readTraceContext } from '../telemetry/trace-context.ts';
import { isRequestId, metaOf, type WireNotification } from '../wire.ts';
import { announceDecision } from './announce.ts';
import { actorOfServer } from './inbound-actor.ts';
import { callOf, type Link } from './link.ts';
import { captureDecision, recordFirst } from './record.ts';
import { settle } from './settle.ts';

/** Progress of one call beyond this is dropped: nobody reads it, and each one costs the host. */
const MAX_PROGRESS = 10_000;

/** Takes a server's notification along the path. What belongs to nothing the client asked for is dropped. */
export function receiveNotification(link: Link, message: WireNotification, extra: unknown): void | Promise<void> {
  if (!isExpected(link, message)) return;
  if (message.method === 'notifications/progress') return link.deliver(message, extra);
  const { gate } = link;
  const params = message.params ?? {};
  const actor = actorOfServer(link);
  const request = gate.ids();
  const verdict = decide(gate.policy, callOf(link, 'server-to-client', message.method, params, actor));
  const captured = captureDecision(link, {
    request,
    direction: 'server-to-client',
    message: 'notification',
    method: message.method,
    params,
    actor,
    trace: readTraceContext(metaOf(params)),
    verdict,
    interceptors: [],
  });
  announceDecision(link, captured, verdict);
  const isRecorded = recordFirst(link, captured, verdict);
  const next = (mayGo: boolean): void => {
    if (verdict.effect === 'allow' && mayGo) link.deliver(message, extra);
  };
  return isRecorded instanceof Promise ? isRecorded.then(next) : next(isRecorded);
}

function isExpected(link: Link, message: WireNotification): boolean {
  const params = message.params ?? {};
  switch (message.method) {
    case 'notifications/progress':
      return isExpectedProgress(link, params);
    case 'notifications/cancelled':
      return isExpectedCancellation(link, params);
    case 'notifications/tasks/status':
    case 'notifications/tasks':
      return isExpectedTask(link, params);
    default:
      return isWithin(link, params, link.server?.maxResultBytes ?? 0);
  }
}

/** Progress is decided with its call: the token must be that of an open one (or of a task one became). It extends no deadline. */
function isExpectedProgress(link: Link, params: JsonObject): boolean {
  const token = own(params, 'progressToken');
  const exchange = isRequestId(token) ? link.open.byProgressToken(token) : undefined;
  if (exchange?.phase !== 'sent') {
    if (isRequestId(token) && link.open.isTaskToken(token)) return true;
    link.anomaly('progress.unmatched', null, {});
    return false;
  }
  exchange.progress += 1;
  if (exchange.progress <= MAX_PROGRESS) return true;
  if (exchange.progress === MAX_PROGRESS + 1) link.anomaly('progress.flood', exchange.request, { max: MAX_PROGRESS });
  return false;
}

/** A server may cancel a request of its own, or (2026-07-28, stdio) end a subscription of the client. */
function isExpectedCancellation(link: Link, params: JsonObject): boolean {
  const requestId = own(params, 'requestId');
  if (isRequestId(requestId)) {
    if (link.serverRequests.take(requestId) !== undefined) return true;
    const exchange = link.open.get(requestId);
    if (exchange?.phase === 'sent' && exchange.method === 'subscriptions/listen') {
      return settle(link, exchange, { outcome: 'cancelled' });
    }
  }
  link.anomaly('cancel.unmatched', null, {});
  return false;
}

/** A task's notification may carry its whole result, so it has the result's bound. */
function isExpectedTask(link: Link, params: JsonObject): boolean {
  const task = link.tasks.get(own(params, 'taskId'));
  if (task === undefined) {
    link.anomaly('task.unknown', null, {});
    return false;
  }
  return isWithin(link, params, task.maxResultBytes);
}

function isWithin(link: Link, params: JsonObject, maxBytes: number): boolean {
  const bytes = Buffer.byteLength(JSON.stringify(params), 'utf8');
  if (bytes <= maxBytes) return true;
  link.anomaly('notification.too_large', null, { bytes, maxBytes });
  return false;
}
