import type { Verdict } from '../codes.ts';
import type { CallEvent } from '../events.ts';
import type { Link } from './link.ts';
import type { PendingDecision } from './record.ts';

/** Tells listeners about a decision, as its record has it. Builds nothing where nobody listens. */
export function announceDecision(link: Link, { facts }: PendingDecision, verdict: Verdict): void {
  const { events } = link.gate;
  const judged = verdict.would ?? verdict.effect;
  const event = judged === 'deny' ? 'call-denied' : judged === 'hold' ? 'call-held' : undefined;
  if (!events.has('call-decided') && (event === undefined || !events.has(event))) return;
  const { direction, method, target, request, run, effect, would, wouldCode, stage } = facts;
  const payload: CallEvent = {
    server: link.serverName,
    direction,
    method,
    target,
    request,
    run,
    effect,
    would,
    wouldCode,
    stage,
    code: verdict.code,
    message: verdict.message,
    enforced: would === null,
    ...(verdict.notices === undefined ? {} : { notices: verdict.notices }),
  };
  events.emit('call-decided', payload);
  if (event !== undefined) events.emit(event, payload);
}
