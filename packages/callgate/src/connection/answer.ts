import { denialError, denialResult } from '../denial.ts';
import type { Verdict } from '../codes.ts';
import type { WireError, WireResult } from '../wire.ts';
import type { Exchange } from './exchange.ts';
import type { Link } from './link.ts';

/**
 * The denial of a request in the form its caller understands: a tool result with `isError` for a plain `tools/call`, so
 * that the model reads it and adapts; a JSON-RPC error for everything else, for task-augmented calls, and where the host
 * prefers errors.
 */
export function denialAnswer(link: Link, exchange: Exchange, verdict: Verdict): WireResult | WireError {
  const isToolCall = exchange.method === 'tools/call' && !exchange.isTaskCall;
  return isToolCall && link.gate.onDeny === 'result'
    ? denialResult(exchange.id, verdict, exchange.request, exchange.isModern)
    : denialError(exchange.id, verdict, exchange.request);
}

/** Answers a request from here. */
export function answerHere(link: Link, exchange: Exchange, verdict: Verdict): void {
  deliverHere(link, denialAnswer(link, exchange, verdict));
}

/** Hands an answer to the client that no server sent just now. In a microtask: `send` never re-enters the host's code. */
export function deliverHere(link: Link, answer: WireResult | WireError): void {
  queueMicrotask(() => {
    if (!link.isClosed) link.deliver(answer, undefined);
  });
}
