import { isJsonObject, own, type JsonObject } from '@callgate/canonical';

import { joinSeen } from '../history/brought-labels.ts';
import { foundLabels, labelsWith } from '../history/call-outcome.ts';
import { inspectInbound, type Inspected, type InspectedAs } from '../inspection/inspect-inbound.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import { readTraceContext } from '../telemetry/trace-context.ts';
import { isRequestId, metaOf, type WireNotification } from '../wire.ts';
import { announceDecision } from './announce.ts';
import { askPolicy, countMessage } from './ask-policy.ts';
import { actorOfServer } from './inbound-actor.ts';
import type { Link } from './link.ts';
import { listedTool } from './listed-tool.ts';
import { captureDecision, recordFirst } from './record.ts';
import { settle } from './settle.ts';
import { withoutNamespace } from './strip-namespace.ts';

/** Progress of one call beyond this is dropped: nobody reads it, and each one costs the host. */
const MAX_PROGRESS = 10_000;

/** Takes a server's notification along the path. What belongs to nothing the client asked for is dropped. */
export function receiveNotification(link: Link, message: WireNotification, extra: unknown): void | Promise<void> {
  const text = JSON.stringify(message.params ?? {});
  const bytes = Buffer.byteLength(text, 'utf8');
  if (!isExpected(link, message, bytes)) return;
  link.lock?.noteChange(message.method);
  const stripped = withoutForgery(link, message, text);
  if (message.method === 'notifications/progress') {
    return deliverInspected(link, stripped, { ...progressInspection(link, stripped), bytes }, extra);
  }
  const result = taskResultOf(link, stripped);
  if (result === undefined) return decideNotification(link, stripped, bytes, extra);
  const next = (ended: ChainOutcome): void | Promise<void> =>
    ended.status === 'success'
      ? decideNotification(link, { ...stripped, params: { ...stripped.params, result: ended.payload } }, bytes, extra)
      : link.anomaly('evaluation.error', null, { interceptor: ended.by });
  return result instanceof Promise ? result.then(next) : next(result);
}

/** Progress is of a call, and is inspected as its answer; that of a task is inspected as the server's messages are. */
function progressInspection(link: Link, { params = {} }: WireNotification): Pick<InspectedAs, 'rules' | 'stage'> {
  const token = own(params, 'progressToken');
  const verdict = isRequestId(token) ? link.open.byProgressToken(token)?.verdict : undefined;
  const { result, stage = 'enforce' } = link.server ?? {};
  return verdict === undefined ? { rules: result, stage } : { rules: verdict.obligations.result, stage: verdict.stage };
}

/** Only the gate may speak as the gate, in what a task brings too. */
function withoutForgery(link: Link, message: WireNotification, text: string): WireNotification {
  const { params } = message;
  if (params === undefined) return message;
  const kept = withoutNamespace(params, text);
  if (kept === params) return message;
  link.anomaly('denial.spoofed', null, {});
  return { ...message, params: kept };
}

/** The result that a task's notification may bring, after the interceptors of the call that the task runs. */
function taskResultOf(
  link: Link,
  { method, params }: WireNotification,
): ChainOutcome | Promise<ChainOutcome> | undefined {
  if (params === undefined || !TASK_NOTIFICATIONS.has(method)) return undefined;
  const task = link.tasks.get(own(params, 'taskId'));
  const payload = own(params, 'result');
  if (task === undefined || payload === undefined || !isJsonObject(payload)) return undefined;
  const { interceptors } = link.gate;
  const chain = interceptors.receiving('response', task.method);
  if (chain.length === 0) return undefined;
  const { principal, run } = actorOfServer(link);
  const { serverName: server } = link;
  return runChain(chain, {
    event: task.method,
    phase: 'response',
    direction: 'server-to-client',
    server,
    principal,
    run,
    payload,
  });
}

const TASK_NOTIFICATIONS: ReadonlySet<string> = new Set(['notifications/tasks/status', 'notifications/tasks']);

function decideNotification(
  link: Link,
  message: WireNotification,
  bytes: number,
  extra: unknown,
): void | Promise<void> {
  const { gate } = link;
  const params = message.params ?? {};
  const actor = actorOfServer(link);
  const request = gate.ids();
  const asked = askPolicy(link, 'server-to-client', message.method, params, { actor, request });
  const verdict = asked.decision;
  countMessage(link, asked, verdict);
  const captured = captureDecision(link, {
    now: asked.at,
    request,
    direction: 'server-to-client',
    message: 'notification',
    method: message.method,
    params,
    actor,
    trace: readTraceContext(metaOf(params)),
    asked,
    verdict,
    interceptors: [],
  });
  announceDecision(link, captured, verdict);
  const isRecorded = recordFirst(link, captured, verdict);
  // what a task's notification brings is the answer of the call that the task runs
  const task = TASK_NOTIFICATIONS.has(message.method) ? link.tasks.get(own(params, 'taskId')) : undefined;
  const next = (mayGo: boolean): void | Promise<void> => {
    if (verdict.effect === 'allow' && mayGo)
      return deliverInspected(
        link,
        message,
        {
          ...(task?.inspected ?? { rules: verdict.obligations.result, stage: verdict.stage }),
          ...(task?.tool === undefined || !isJsonObject(own(params, 'result'))
            ? {}
            : { tool: listedTool(link, task.tool, 'result') }),
          bytes,
        },
        extra,
      );
  };
  return isRecorded instanceof Promise ? isRecorded.then(next) : next(isRecorded);
}

/** Delivers a notification without what must not pass; one that is withheld is dropped, since nobody waits for it. */
function deliverInspected(
  link: Link,
  message: WireNotification,
  by: Omit<InspectedAs, 'surface'>,
  extra: unknown,
): void | Promise<void> {
  const { params } = message;
  if (params === undefined) return link.deliver(message, extra);
  const inspected = inspectInbound(link.gate, params, { ...by, surface: 'notification' });
  const next = (ended: Inspected): void => {
    const { rules, verdict } = ended.record;
    if (verdict !== 'pass') link.anomaly('notification.inspected', null, { method: message.method, verdict, rules });
    if ('refusal' in ended) return;
    if (!joinBrought(link, message, ended)) return link.anomaly('evaluation.error', null, { method: message.method });
    link.deliver(ended.content === params ? message : { ...message, params: ended.content }, extra);
  };
  return inspected instanceof Promise ? inspected.then(next) : next(inspected);
}

/** Joins the labels of what a task brings to the run whose task it is. False where there is no room to remember that. */
function joinBrought(
  link: Link,
  { method }: WireNotification,
  { content, record }: Extract<Inspected, { content: JsonObject }>,
): boolean {
  const task = TASK_NOTIFICATIONS.has(method) ? link.tasks.get(own(content, 'taskId')) : undefined;
  if (task === undefined || own(content, 'result') === undefined) return true;
  const labels = labelsWith(task.labels, foundLabels({ inspection: record }));
  return joinSeen(link, task, { call: task.request, labels, content });
}

function isExpected(link: Link, message: WireNotification, bytes: number): boolean {
  const params = message.params ?? {};
  switch (message.method) {
    case 'notifications/progress':
      return isWithin(link, bytes, link.server?.maxResultBytes ?? 0) && isExpectedProgress(link, params);
    case 'notifications/cancelled':
      return isExpectedCancellation(link, params);
    case 'notifications/tasks/status':
    case 'notifications/tasks':
      return isExpectedTask(link, params, bytes);
    default:
      return isWithin(link, bytes, link.server?.maxResultBytes ?? 0);
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
function isExpectedTask(link: Link, params: JsonObject, bytes: number): boolean {
  const task = link.tasks.get(own(params, 'taskId'));
  if (task === undefined) {
    link.anomaly('task.unknown', null, {});
    return false;
  }
  return isWithin(link, bytes, task.maxResultBytes);
}

function isWithin(link: Link, bytes: number, maxBytes: number): boolean {
  if (bytes <= maxBytes) return true;
  link.anomaly('notification.too_large', null, { bytes, maxBytes });
  return false;
}
