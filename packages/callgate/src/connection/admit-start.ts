import { GateError } from '../errors.ts';
import { announceDecision } from './announce.ts';
import { askPolicy } from './ask-policy.ts';
import { judgeByLock } from '../lock/judge-by-lock.ts';
import type { Link } from './link.ts';
import { captureDecision, recordFirst } from './record.ts';

/**
 * Starting a stdio transport runs a program. One that policy would not talk to, because nobody registered it or because it
 * is another than the policy or the lock names, is not run. Recorded as the handshake that it would have begun with.
 *
 * @throws {GateError} `CALLGATE_SERVER_REFUSED`
 */
export function admitStart(link: Link): void {
  if (link.identity === undefined || !('command' in link.identity)) return;
  const actor = link.gate.actors.current() ?? link.defaultActor;
  const method = 'initialize';
  const request = link.gate.ids();
  const asked = askPolicy(link, 'client-to-server', method, {}, { actor, request });
  const verdict = judgeByLock(link, method, {}, asked.decision);
  if (verdict.effect === 'allow') return;
  const captured = captureDecision(link, {
    now: asked.at,
    request,
    direction: 'client-to-server',
    message: 'request',
    method,
    params: {},
    actor,
    trace: null,
    asked,
    verdict,
    interceptors: [],
  });
  void recordFirst(link, captured, verdict);
  announceDecision(link, captured, verdict);
  throw new GateError('CALLGATE_SERVER_REFUSED', `${verdict.message} (${verdict.code})`);
}
