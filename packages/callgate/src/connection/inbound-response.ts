import type { OutcomeEntry } from '@callgate/audit';
import { canonicalize, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Surface } from '@callgate/inspector';

import type { Verdict } from '../codes.ts';
import { declaredLabels, joinSeen } from '../history/brought-labels.ts';
import { foundLabels, labelsWith } from '../history/call-outcome.ts';
import { keepOutcome } from '../history/idempotent-call.ts';
import {
  NOT_FOUND,
  inspectInbound,
  surfaceOf,
  type Inspected,
  type InspectedAs,
  type Withheld,
} from '../inspection/inspect-inbound.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import type { QuarantineHandle } from '../quarantine/quarantine-handle.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import type { WireError, WireResult } from '../wire.ts';
import { allowElicitations, allowInputs, type Allowed } from './allow-inputs.ts';
import { denialAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { nameOf, type Link } from './link.ts';
import { inspectList } from './inspect-list.ts';
import { listedTool } from './listed-tool.ts';
import { narrowResult } from './narrow-result.ts';
import { refusalOf } from './outbound-request.ts';
import { shapeOf } from './result-shape.ts';
import { settle } from './settle.ts';
import { withoutNamespace } from './strip-namespace.ts';
import type { TaskOrigin } from './task-book.ts';
import { keepWithheld } from './withhold.ts';

/**
 * Takes a server's answer along the path: match, strip, shape, size, narrow, interceptors, outcome, deliver.
 *
 * @param message a private snapshot, so that what is delivered is what was inspected
 */
export function receiveResponse(link: Link, message: WireResult | WireError, extra: unknown): void | Promise<void> {
  const exchange = link.open.get(message.id);
  if (exchange === undefined || exchange.phase !== 'sent') {
    return refuseUnmatched(link, message, exchange);
  }
  return 'error' in message
    ? receiveError(link, exchange, message, extra)
    : receiveResult(link, exchange, message, extra);
}

function refuseUnmatched(link: Link, message: WireResult | WireError, exchange: Exchange | undefined): void {
  const code =
    exchange !== undefined ? 'response.forged' : link.open.isDone(message.id) ? 'response.late' : 'response.unmatched';
  link.anomaly(code, exchange?.request ?? null, {});
}

/** An error's message and data reach the model like content: ours is stripped, its size is bounded, what it asks is decided. */
function receiveError(link: Link, exchange: Exchange, message: WireError, extra: unknown): void | Promise<void> {
  const measured = measure(message.error);
  if (measured.bytes > maxBytes(link, exchange)) return quarantine(link, exchange, TOO_LARGE, measured);
  const allowed = allowElicitations(link, exchange, stripped(link, exchange, message.error, measured));
  const deliver = (inspected: Inspected<WireError['error']>): void | Promise<void> => {
    if (exchange.phase === 'done') return;
    if ('refusal' in inspected) return withhold(link, exchange, 'error', inspected, measured);
    settle(link, exchange, {
      outcome: 'protocol_error',
      code: `jsonrpc.${message.error.code}`,
      response: measured,
      inspection: inspected.record,
      answer: { error: inspected.content },
    });
    link.deliver(inspected.content === message.error ? message : { ...message, error: inspected.content }, extra);
  };
  const next = (decided: Allowed<WireError['error']>): void | Promise<void> => {
    if (exchange.phase === 'done') return;
    if ('refusal' in decided) return quarantine(link, exchange, decided.refusal, measured);
    const inspected = inspectInbound(link.gate, decided.content, inspectedAs(link, exchange, 'error', measured));
    return inspected instanceof Promise ? inspected.then(deliver) : deliver(inspected);
  };
  return allowed instanceof Promise ? allowed.then(next) : next(allowed);
}

function receiveResult(link: Link, exchange: Exchange, message: WireResult, extra: unknown): void | Promise<void> {
  const measured = measure(message.result);
  if (measured.bytes > maxBytes(link, exchange)) return quarantine(link, exchange, TOO_LARGE, measured);
  const shape = shapeOf(exchange, message.result);
  const result = stripped(link, exchange, message.result, measured);
  const next = (decided: Allowed<JsonObject>): void | Promise<void> => {
    if (exchange.phase === 'done') return;
    if ('refusal' in decided) return quarantine(link, exchange, decided.refusal, measured);
    const narrowed = narrowResult(link, exchange, decided.content);
    return intercept(link, exchange, { ...message, result: narrowed }, extra, measured);
  };
  switch (shape.kind) {
    case 'malformed':
      return next({ refusal: malformed(shape.reason) });
    case 'task': {
      if (link.server?.permitsTasks !== true) return next({ refusal: malformed('a task that policy does not allow') });
      const isNoted = link.tasks.note(shape.taskId, {
        request: exchange.request,
        method: exchange.method,
        actor: exchange.actor,
        maxResultBytes: maxBytes(link, exchange),
        tool: exchange.method === 'tools/call' ? nameOf(exchange.method, exchange.params) : undefined,
        inspected: inspectionOf(exchange),
        labels: declaredLabels(link, exchange),
      });
      if (!isNoted) return next({ refusal: malformed('the task of another call') });
      if (exchange.progressToken !== undefined) link.open.keepTaskToken(exchange.progressToken);
      return next({ content: result });
    }
    case 'input-required': {
      const allowed = allowInputs(link, exchange, result, shape.requests);
      return allowed instanceof Promise ? allowed.then(next) : next(allowed);
    }
    case 'complete':
      return next({ content: result });
  }
}

function malformed(reason: string): Refusal {
  return { code: 'response.malformed', message: `the server's answer is malformed: ${reason}` };
}

/** Only the gate may speak as the gate. */
function stripped<Content extends JsonObject>(
  link: Link,
  exchange: Exchange,
  content: Content,
  measured: Measured,
): Content {
  const kept = withoutNamespace(content, measured.text);
  if (kept !== content) link.anomaly('denial.spoofed', exchange.request, {});
  return kept;
}

/**
 * Receiving: validate, then mutate; what comes out is what the client gets. The result that a task brings is intercepted as
 * the answer of the call that it runs first: it is that answer, in another message.
 */
function intercept(
  link: Link,
  exchange: Exchange,
  message: WireResult,
  extra: unknown,
  measured: Measured,
): void | Promise<void> {
  const { method, params } = exchange;
  const whole = (result: JsonObject): void | Promise<void> =>
    runResponse(link, exchange, method, result, measured, (payload) =>
      deliverResult(link, exchange, { ...message, result: payload }, extra, measured),
    );
  const task = method === 'tasks/result' || method === 'tasks/get' ? link.tasks.get(own(params, 'taskId')) : undefined;
  if (task === undefined) return whole(message.result);
  if (method === 'tasks/result') return runResponse(link, exchange, task.method, message.result, measured, whole);
  const inside = own(message.result, 'result');
  if (inside === undefined || !isJsonObject(inside)) return whole(message.result);
  return runResponse(link, exchange, task.method, inside, measured, (result) => whole({ ...message.result, result }));
}

/** Runs the response chain of one event over `payload`; what refuses it withholds the answer. */
function runResponse(
  link: Link,
  exchange: Exchange,
  event: string,
  payload: JsonObject,
  measured: Measured,
  onward: (payload: JsonObject) => void | Promise<void>,
): void | Promise<void> {
  const { interceptors } = link.gate;
  const chain = interceptors.receiving('response', event);
  if (chain.length === 0) return onward(payload);
  const outcome = runChain(chain, {
    event,
    phase: 'response',
    direction: 'server-to-client',
    server: link.serverName,
    principal: exchange.actor.principal,
    run: exchange.actor.run,
    payload,
  });
  const next = (ended: ChainOutcome): void | Promise<void> => {
    if (exchange.phase === 'done') return;
    if (ended.status !== 'success') {
      return quarantine(link, exchange, { ...refusalOf(ended), code: 'response.quarantined' }, measured);
    }
    return onward(ended.payload);
  };
  return outcome instanceof Promise ? outcome.then(next) : next(outcome);
}

/** Inspects what is left after everything else, and delivers what passes. */
function deliverResult(
  link: Link,
  exchange: Exchange,
  message: WireResult,
  extra: unknown,
  measured: Measured,
): void | Promise<void> {
  const surface = surfaceOf(exchange.method);
  const as = inspectedAs(link, exchange, surface, measured);
  const inspected =
    surface === 'definition'
      ? inspectList(link, exchange, message.result, as)
      : inspectInbound(link.gate, message.result, { ...as, ...toolOf(link, exchange, message.result) });
  const next = (ended: Inspected): void | Promise<void> => {
    if (exchange.phase === 'done') return;
    if ('refusal' in ended) return withhold(link, exchange, surface, ended, measured);
    const { content, record } = ended;
    const labels = labelsWith(declaredLabels(link, exchange), foundLabels({ inspection: record }));
    if (holdsTaskResult(exchange, content) && !joinSeen(link, exchange, { call: exchange.request, labels, content }))
      return quarantine(link, exchange, NO_ROOM, measured);
    keepOutcome(link, exchange, content, labels);
    settle(link, exchange, {
      outcome: own(content, 'isError') === true ? 'tool_error' : 'ok',
      response: measured,
      inspection: record,
      summary: summaryOf(content),
      answer: { result: content },
    });
    link.deliver(content === message.result ? message : { ...message, result: content }, extra);
  };
  return inspected instanceof Promise ? inspected.then(next) : next(inspected);
}

/** Whether an answer holds what a task brought: the call that runs the task has ended before, and perhaps in another run. */
function holdsTaskResult({ method }: Exchange, result: JsonObject): boolean {
  return method === 'tasks/result' || (method === 'tasks/get' && own(result, 'result') !== undefined);
}

const NO_ROOM: Refusal = {
  code: 'response.quarantined',
  message: 'there is no room to remember that this run has seen the answer',
};

/** What the server listed of the tool whose result this is, by a call or by the task that runs it. */
function toolOf(link: Link, exchange: Exchange, result: JsonObject): Pick<InspectedAs, 'tool'> {
  const { method, params } = exchange;
  const name = method === 'tools/call' ? nameOf(method, params) : taskOf(link, exchange)?.tool;
  if (name === undefined) return {};
  // `tasks/get` of 2026-07-28 holds the result of a task that is done.
  const held = method === 'tasks/get' ? own(result, 'result') : result;
  if (!isJsonObject(held)) return {};
  // The answer of a call may be a task, or a question to the client; what a task brings is a result, whatever it lacks.
  if (method === 'tools/call' && !Array.isArray(own(held, 'content'))) return {};
  return { tool: listedTool(link, name, method === 'tasks/get' ? 'result' : undefined) };
}

/** What a task brings is inspected as the answer of the call that it runs. */
function inspectedAs(link: Link, exchange: Exchange, surface: Surface, { bytes }: Measured): InspectedAs {
  const inspected = taskOf(link, exchange)?.inspected ?? inspectionOf(exchange);
  return { ...inspected, surface, bytes };
}

function inspectionOf({ verdict }: Exchange): Pick<InspectedAs, 'rules' | 'stage'> {
  return { rules: verdict?.obligations.result, stage: verdict?.stage ?? 'enforce' };
}

function taskOf(link: Link, { method, params }: Exchange): TaskOrigin | undefined {
  return method.startsWith('tasks/') ? link.tasks.get(own(params, 'taskId')) : undefined;
}

/** Withholds what inspection found something in: kept as it came where that is what the verdict says, then answered with a denial. */
function withhold(
  link: Link,
  exchange: Exchange,
  surface: Surface,
  withheld: Withheld,
  measured: Measured,
): void | Promise<void> {
  const { refusal, record } = withheld;
  const kept = keepWithheld(link, exchange, surface, withheld, measured.text);
  if (kept === undefined) return quarantine(link, exchange, refusal, measured, record);
  return kept.then((handle) => quarantine(link, exchange, refusal, measured, record, handle));
}

/** Withholds an answer: the client gets a typed denial in its place, with the handle of what is kept. */
export function quarantine(
  link: Link,
  exchange: Exchange,
  refusal: Refusal,
  measured?: Measured,
  inspection: OutcomeEntry['inspection'] = WITHHELD,
  handle?: QuarantineHandle,
): void {
  const refused = refuse(refusal, exchange.verdict);
  const verdict: Verdict = handle === undefined ? refused : { ...refused, quarantine: handle };
  const isFirst = settle(link, exchange, {
    outcome: 'quarantined',
    code: refusal.code,
    ...(measured === undefined ? {} : { response: measured }),
    inspection,
    ...(handle === undefined ? {} : { summary: { quarantine: handle.id } }),
  });
  if (isFirst) link.deliver(denialAnswer(link, exchange, verdict), undefined);
}

/** The record of an answer that was withheld before it was inspected. */
const WITHHELD: OutcomeEntry['inspection'] = Object.freeze({ ...NOT_FOUND, verdict: 'quarantine' });

interface Measured {
  readonly text: string;
  readonly bytes: number;
}

/** The answer as it came, before anything is cut from it: its canonical text fixes what the record's digest is of. */
function measure(value: JsonObject): Measured {
  const text = canonicalize(value);
  return { text, bytes: Buffer.byteLength(text, 'utf8') };
}

/** The bound of an answer; a task's result has the bound of the call that the task runs. */
function maxBytes(link: Link, exchange: Exchange): number {
  const bound = exchange.verdict?.obligations.maxResultBytes ?? 0;
  const task = taskOf(link, exchange);
  return task === undefined ? bound : Math.min(bound, task.maxResultBytes);
}

const TOO_LARGE: Refusal = {
  code: 'response.too_large',
  message: 'the answer is larger than policy accepts',
  hints: ['ask for less: fewer rows, fewer fields or a narrower range'],
  next: 'fix_arguments',
};

const KINDS: ReadonlySet<JsonValue> = new Set(['text', 'image', 'audio', 'resource', 'resource_link']);

/** The shape of a tool's result for the record: how many items, of which kinds. */
function summaryOf(result: JsonObject): JsonObject {
  const content = own(result, 'content');
  if (!Array.isArray(content)) return NO_SUMMARY;
  const items: readonly JsonValue[] = content;
  const kinds: string[] = [];
  for (const item of items) {
    const kind = kindOf(item);
    if (!kinds.includes(kind)) kinds.push(kind);
  }
  return { content: items.length, kinds: kinds.toSorted(), structured: Object.hasOwn(result, 'structuredContent') };
}

function kindOf(item: JsonValue): string {
  const kind = isJsonObject(item) ? own(item, 'type') : undefined;
  return typeof kind === 'string' && KINDS.has(kind) ? kind : 'other';
}

const NO_SUMMARY: JsonObject = Object.freeze({});
