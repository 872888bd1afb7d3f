import { parsePointer, resolvePointer } from '@callgate/canonical';
import type { IdempotencyControl } from '@callgate/policy';

import type { Exchange } from '../connection/exchange.ts';
import { argumentsOf, type Link } from '../connection/link.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import { idempotencyOf } from './idempotent-call.ts';

/** What a server, or what is in front of it, answers when the same request may be sent again (RFC 9110 §15.6, RFC 6585 §4). */
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Sends a decided request, and again where its policy says that it happens once however often it is sent, and sending failed for a reason that
 * may pass. The same message, within the one deadline of the call; pauses double, each between its half and its whole.
 *
 * Rejects with the transport's last error, by identity.
 */
export function sendDecided(link: Link, exchange: Exchange, message: object, options: SendOptions): Promise<void> {
  const sent = link.dispatch(message, options);
  const control = idempotencyOf(link, exchange);
  if (control === undefined || control.retries === 0 || !hasKey(control, exchange)) return sent;
  return again(sent, link, exchange, control, () => link.dispatch(message, options));
}

/** A write that went ahead without its key (observed only) happens as often as it is sent. */
function hasKey({ pointer }: IdempotencyControl, { method, params }: Exchange): boolean {
  const key = resolvePointer(argumentsOf(method, params) ?? {}, parsePointer(pointer));
  return typeof key === 'string' && key !== '';
}

async function again(
  first: Promise<void>,
  link: Link,
  exchange: Exchange,
  { retries, backoffMs }: IdempotencyControl,
  dispatch: () => Promise<void>,
): Promise<void> {
  let sent = first;
  for (let tries = 0; ; tries += 1) {
    try {
      await sent;
      return;
    } catch (error) {
      if (tries >= retries || !isTransient(error) || !isOpen(link, exchange)) throw error;
      await pause(backoffMs * 2 ** tries * (0.5 + link.gate.random() / 2), exchange);
      if (!isOpen(link, exchange)) throw error;
      link.gate.events.emit('call-retried', { server: link.serverName, request: exchange.request, tries: tries + 1 });
      sent = dispatch();
    }
  }
}

/** A policy that has come since has not allowed it. */
function isOpen(link: Link, exchange: Exchange): boolean {
  return exchange.phase === 'sent' && !link.isClosed && exchange.asked?.policy === link.gate.policy;
}

/** Ends early when the call does. */
function pause(durationMs: number, exchange: Exchange): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(finish, durationMs);
    exchange.cleanups.push(finish);
  });
}

/** A failure of the network (`fetch` rejects with a TypeError) or a status that may pass. Authorisation, and whatever else, is the SDK's. */
function isTransient(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  const { code, status } = error as { readonly code?: unknown; readonly status?: unknown };
  return [code, status].some((value) => typeof value === 'number' && TRANSIENT_STATUS.has(value));
}
