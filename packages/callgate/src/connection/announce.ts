import type { Direction } from '@callgate/policy';

import type { Verdict } from '../codes.ts';
import type { CallEvent } from '../events.ts';
import type { Link } from './link.ts';

/** Tells listeners about a decision. Builds nothing where nobody listens. */
export function announceDecision(
  link: Link,
  message: {
    readonly direction: Direction;
    readonly method: string;
    readonly target: string | null;
    readonly request: string;
    readonly run: string | undefined;
  },
  verdict: Verdict,
): void {
  const { events } = link.gate;
  const judged = verdict.would ?? verdict.effect;
  const event = judged === 'deny' ? 'call-denied' : judged === 'hold' ? 'call-held' : undefined;
  if (!events.has('call-decided') && (event === undefined || !events.has(event))) return;
  const payload: CallEvent = {
    server: link.serverName,
    direction: message.direction,
    method: message.method,
    target: message.target,
    request: message.request,
    run: message.run ?? null,
    effect: verdict.effect,
    would: verdict.would ?? null,
    stage: verdict.stage,
    code: verdict.code,
    message: verdict.message,
    enforced: verdict.would === undefined,
  };
  events.emit('call-decided', payload);
  if (event !== undefined) events.emit(event, payload);
}
