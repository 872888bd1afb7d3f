import { deepFreeze, type JsonObject } from '@callgate/canonical';

import type { Verdict } from '../codes.ts';
import { sendDecided } from '../history/send-again.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import { refuse } from '../verdicts.ts';
import { answerHere } from './answer.ts';
import type { Exchange } from './exchange.ts';
import { argumentsOf, nameOf, type Link } from './link.ts';
import { permittedHeaders } from './outbound-headers.ts';
import { envelopeOf } from './outbound-meta.ts';
import { resumableDigest } from './resumable-digest.ts';
import { settle } from './settle.ts';

/** Requests that stay open for as long as the client wants: no deadline. */
const OPEN_ENDED: ReadonlySet<string> = new Set(['subscriptions/listen']);

/** A handshake may have to wait for a server that is being installed: SDKs give it a minute, and so does the gate. */
const HANDSHAKE_TIMEOUT_MS = 60_000;
const HANDSHAKE: ReadonlySet<string> = new Set(['initialize', 'server/discover']);

/**
 * Sends a decided request: exactly the frozen params that were decided on, with a hard deadline.
 *
 * Rejects with the transport's own error, by identity: SDK v2 stamps authorisation errors and matches their class.
 */
export function forward(link: Link, exchange: Exchange, verdict: Verdict): Promise<void> {
  // While the record became durable, the caller may have cancelled, or the gate or the connection closed.
  if (exchange.phase !== 'deciding') return Promise.resolve();
  if (link.isClosed || link.gate.isClosed) {
    const closed = refuse({ code: 'gate.closed', message: 'the gate is closed' }, verdict);
    if (settle(link, exchange, { outcome: 'denied', code: closed.code })) answerHere(link, exchange, closed);
    return Promise.resolve();
  }
  const { id, method, params } = exchange;
  const message = deepFreeze({ jsonrpc: '2.0', id, method, ...(exchange.hasParams ? { params } : {}) });
  const options = sendOptions(link, exchange);
  // INVARIANT: from here to the dispatch nothing throws. What is `sent` has left, and only that is cancelled upstream.
  exchange.phase = 'sent';
  exchange.sentMs = link.gate.elapsedMs();
  exchange.wire = message;
  link.era = exchange.isModern ? 'modern' : 'legacy';
  armDeadline(link, exchange, verdict);
  exchange.cleanups.push(link.gate.egress.approve(message));
  return sendDecided(link, exchange, message, options).catch((error: unknown) => {
    // Answered from here (deadline): the transport's complaint about the abort is no news to the caller.
    if (exchange.phase === 'done') return;
    settle(link, exchange, { outcome: 'unknown', code: 'transport.failed' });
    throw error;
  });
}

function armDeadline(link: Link, exchange: Exchange, verdict: Verdict): void {
  if (OPEN_ENDED.has(exchange.method)) return;
  const { timeoutMs } = verdict.obligations;
  const limit = HANDSHAKE.has(exchange.method) ? Math.max(timeoutMs, HANDSHAKE_TIMEOUT_MS) : timeoutMs;
  const timer = setTimeout(() => expire(link, exchange, verdict, limit), limit);
  exchange.cleanups.push(() => clearTimeout(timer));
}

/** The deadline: cancel upstream, answer here, drop whatever comes later. Progress does not extend it. */
function expire(link: Link, exchange: Exchange, verdict: Verdict, limitMs: number): void {
  const { abort, method, id } = exchange;
  if (!settle(link, exchange, { outcome: 'timeout', code: 'deadline.exceeded' })) return;
  if (abort !== undefined) {
    abort.abort();
  } else if (method !== 'initialize') {
    const envelope = envelopeOf(exchange.params);
    const params: JsonObject = {
      requestId: id,
      reason: 'deadline exceeded',
      ...(envelope === undefined ? {} : { _meta: envelope }),
    };
    const message = deepFreeze({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    link
      .dispatchOnce(message, {})
      .catch((error: unknown) =>
        link.report(error instanceof Error ? error : new Error('cancelling failed', { cause: error })),
      );
  }
  answerHere(
    link,
    exchange,
    refuse(
      {
        code: 'deadline.exceeded',
        message: `the server did not answer within ${limitMs} ms; whether it acted is unknown`,
        retryable: verdict.toolEffect === undefined || verdict.toolEffect === 'read',
        next: 'wait',
      },
      verdict,
    ),
  );
}

/** Only members the gate knows are passed on, each within its policy. */
function sendOptions(link: Link, exchange: Exchange): SendOptions {
  const { relatedRequestId, resumptionToken, onresumptiontoken, onRequestStreamEnd, requestSignal, headers } =
    exchange.options;
  return {
    relatedRequestId,
    resumptionToken,
    onresumptiontoken: onresumptiontoken && notingToken(link, exchange, onresumptiontoken),
    onRequestStreamEnd: OPEN_ENDED.has(exchange.method)
      ? endingStream(link, exchange, onRequestStreamEnd)
      : onRequestStreamEnd,
    requestSignal: requestSignal && mergedSignal(exchange, requestSignal),
    headers: headers && headersFor(link, exchange, headers),
  };
}

function headersFor(link: Link, exchange: Exchange, headers: Readonly<Record<string, string>>): Record<string, string> {
  if (link.server === undefined) return {};
  const definition = link.definitions.definitionOf(nameOf(exchange.method, exchange.params) ?? '');
  const callArguments = argumentsOf(exchange.method, exchange.params) ?? {};
  const permitted = permittedHeaders(headers, link.server, callArguments, definition);
  if (permitted.stripped.length > 0)
    link.anomaly('header.stripped', exchange.request, { count: permitted.stripped.length });
  return permitted.headers;
}

function notingToken(link: Link, exchange: Exchange, onToken: (token: string) => void): (token: string) => void {
  return (token) => {
    const resumable = { server: link.serverName, method: exchange.method, params: resumableDigest(exchange) };
    link.gate.resumptions.note(token, resumable);
    onToken(token);
  };
}

/** What has no deadline and no answer ends with its stream. */
function endingStream(link: Link, exchange: Exchange, onEnd: (() => void) | undefined): () => void {
  return () => {
    settle(link, exchange, { outcome: 'unknown', code: 'stream.ended' });
    onEnd?.();
  };
}

function mergedSignal(exchange: Exchange, callerSignal: AbortSignal): AbortSignal {
  exchange.abort = new AbortController();
  return AbortSignal.any([callerSignal, exchange.abort.signal]);
}
