import { deepFreeze, isJsonObject } from '@callgate/canonical';

import { GateError } from '../errors.ts';
import type { SendOptions } from '../transport/transport-shape.ts';
import type { WireError, WireResult } from '../wire.ts';
import type { Link } from './link.ts';
import { permittedRoots } from './permitted-roots.ts';
import { captureOutcome } from './record.ts';

/**
 * Takes the host's reply to a request of the server along the path. Only the reply to a request that was let through
 * leaves, once, and what it says about roots is cut to what policy permits.
 */
export async function sendReply(link: Link, message: WireResult | WireError, options: SendOptions): Promise<void> {
  const asked = link.serverRequests.take(message.id);
  if (asked === undefined) {
    link.anomaly('reply.unmatched', null, {});
    throw new GateError('CALLGATE_MESSAGE_REFUSED', 'expected the reply to an open request of the server');
  }
  const result = 'result' in message ? message.result : undefined;
  const permitted = asked.method === 'roots/list' && result !== undefined ? permittedRoots(link, result) : result;
  const narrowed = permitted !== undefined && permitted !== result && isJsonObject(permitted) ? permitted : result;
  const wire = narrowed === result ? message : deepFreeze({ ...message, result: narrowed });
  const isError = 'error' in message;
  const durationMs = link.gate.elapsedMs() - asked.startedMs;
  const outcome = isError ? 'protocol_error' : 'ok';
  const answer = 'error' in message ? { error: message.error } : narrowed && { result: narrowed };
  link.gate.evidence.later(captureOutcome(link, asked.request, durationMs, { outcome, answer }));
  await link.dispatchOnce(wire, options);
}
