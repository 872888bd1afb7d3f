import { canonicalize, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import { decide } from '@callgate/policy';

import type { Verdict } from '../codes.ts';
import { META_NAMESPACE } from '../denial.ts';
import { runChain, type ChainOutcome } from '../interceptors.ts';
import { refuse, type Refusal } from '../verdicts.ts';
import { metaOf, type WireError, type WireResult } from '../wire.ts';
import { denialAnswer } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { without } from './handshake.ts';
import { callOf, type Link } from './link.ts';
import { narrowResult } from './narrow-result.ts';
import { applyLimits } from './input-limits.ts';
import { refusalOf } from './outbound-request.ts';
import { settle } from './settle.ts';
import { shapeOf, type InputRequest } from './result-shape.ts';

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

/** An error's message and data reach the model like content: ours is stripped, and its size is bounded. */
function receiveError(link: Link, exchange: Exchange, message: WireError, extra: unknown): void {
  const measured = measure(message.error);
  if (measured.bytes > maxBytes(link, exchange)) return quarantine(link, exchange, TOO_LARGE, measured);
  const { data } = message.error;
  const stripped = data !== undefined && isJsonObject(data) ? stripNamespace(link, exchange, data) : data;
  const delivered = stripped === data ? message : { ...message, error: { ...message.error, data: stripped } };
  settle(link, exchange, {
    outcome: 'protocol_error',
    code: `jsonrpc.${message.error.code}`,
    response: measured,
    inspection: { verdict: 'pass', redactions: 0 },
  });
  link.deliver(delivered, extra);
}

function receiveResult(link: Link, exchange: Exchange, message: WireResult, extra: unknown): void | Promise<void> {
  const measured = measure(message.result);
  if (measured.bytes > maxBytes(link, exchange)) return quarantine(link, exchange, TOO_LARGE, measured);
  const shape = shapeOf(exchange, message.result);
  let { result } = message;
  const meta = metaOf(result);
  if (meta !== undefined) {
    const stripped = stripNamespace(link, exchange, meta);
    if (stripped !== meta) result = { ...result, _meta: stripped };
  }
  switch (shape.kind) {
    case 'malformed':
      return quarantine(
        link,
        exchange,
        { code: 'response.malformed', message: `the server's answer is malformed: ${shape.reason}` },
        measured,
      );
    case 'task':
      link.tasks.note(shape.taskId, { maxResultBytes: maxBytes(link, exchange) });
      if (exchange.progressToken !== undefined) link.open.keepTaskToken(exchange.progressToken);
      break;
    case 'input-required': {
      const allowed = allowInputs(link, exchange, result, shape.requests);
      if ('refusal' in allowed) return quarantine(link, exchange, allowed.refusal, measured);
      result = allowed.result;
      break;
    }
    case 'complete':
      result = narrowResult(link, exchange, result);
      break;
  }
  return intercept(link, exchange, { ...message, result }, extra, measured);
}

/** Receiving: validate, then mutate; what comes out is what the client gets. */
function intercept(
  link: Link,
  exchange: Exchange,
  message: WireResult,
  extra: unknown,
  measured: Measured,
): void | Promise<void> {
  const { interceptors } = link.gate;
  const chain = [
    ...interceptors.select('validation', 'response', exchange.method),
    ...interceptors.select('mutation', 'response', exchange.method),
  ];
  if (chain.length === 0) return deliverResult(link, exchange, message, extra, measured);
  const outcome = runChain(chain, {
    event: exchange.method,
    phase: 'response',
    direction: 'server-to-client',
    server: link.serverName,
    principal: exchange.actor.principal,
    run: exchange.actor.run,
    payload: message.result,
  });
  const next = (ended: ChainOutcome): void => {
    if (exchange.phase === 'done') return;
    if (ended.status !== 'success') {
      return quarantine(link, exchange, { ...refusalOf(ended), code: 'response.quarantined' }, measured);
    }
    deliverResult(link, exchange, { ...message, result: ended.payload }, extra, measured);
  };
  return outcome instanceof Promise ? outcome.then(next) : next(outcome);
}

function deliverResult(link: Link, exchange: Exchange, message: WireResult, extra: unknown, measured: Measured): void {
  const isToolError = own(message.result, 'isError') === true;
  settle(link, exchange, {
    outcome: isToolError ? 'tool_error' : 'ok',
    response: measured,
    inspection: { verdict: 'pass', redactions: 0 },
    summary: summaryOf(message.result),
  });
  link.deliver(message, extra);
}

/** Withholds an answer: the client gets a typed denial in its place. */
export function quarantine(link: Link, exchange: Exchange, refusal: Refusal, measured?: Measured): void {
  const verdict: Verdict = refuse(refusal, exchange.verdict);
  const isFirst = settle(link, exchange, {
    outcome: 'quarantined',
    code: refusal.code,
    ...(measured === undefined ? {} : { response: measured }),
    inspection: { verdict: 'quarantine', redactions: 0 },
  });
  if (isFirst) link.deliver(denialAnswer(link, exchange, verdict), undefined);
}

/**
 * Input requests inside a result (MCP 2026-07-28) are server requests in another envelope: no inbound request exists, and
 * the client answers them by itself. Each is decided; one that is not allowed withholds the whole result.
 */
function allowInputs(
  link: Link,
  exchange: Exchange,
  result: JsonObject,
  requests: readonly InputRequest[],
): { readonly result: JsonObject } | { readonly refusal: Refusal } {
  const limited: Record<string, JsonValue> = {};
  const methods = new Map<string, string>();
  for (const { key, method, params } of requests) {
    const decision = decide(link.gate.policy, callOf(link, 'server-to-client', method, params, exchange.actor));
    if (decision.effect !== 'allow') {
      return {
        refusal: {
          code: 'response.input_denied',
          message: `the server asked for \`${method.slice(0, 80)}\`, which is not allowed here (${decision.code})`,
          next: decision.effect === 'hold' ? 'request_approval' : 'stop',
        },
      };
    }
    methods.set(key, method);
    Object.defineProperty(limited, key, {
      value: { method, params: applyLimits(method, params, decision.obligations.limits) },
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  link.inputs.note(exchange.method, exchange.params, methods);
  return { result: requests.length === 0 ? result : { ...result, inputRequests: limited } };
}

/** `holder` without anything under our own namespace: only the gate may speak as the gate. */
export function stripNamespace(link: Link, exchange: Exchange | undefined, holder: JsonObject): JsonObject {
  let result = holder;
  for (const key of Object.keys(holder)) {
    if (key.startsWith(META_NAMESPACE)) result = without(result, key);
  }
  if (result !== holder) link.anomaly('denial.spoofed', exchange?.request ?? null, {});
  return result;
}

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
  const task = exchange.method.startsWith('tasks/') ? link.tasks.get(own(exchange.params, 'taskId')) : undefined;
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
