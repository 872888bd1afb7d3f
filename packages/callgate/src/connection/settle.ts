import type { Instant } from '@callgate/canonical';

import { NOTHING, countOutcome, type CountedOutcome } from '../history/call-outcome.ts';
import type { Exchange } from './exchange.ts';
import { releaseExchange } from './exchange.ts';
import type { Link } from './link.ts';
import { captureOutcome, roundedMs, type Settlement } from './record.ts';

/**
 * Fixes the one outcome of an exchange: done, forgotten, recorded, announced. Safe to call again: only the first counts.
 *
 * @returns whether this call was the first
 */
export function settle(link: Link, exchange: Exchange, settlement: Settlement): boolean {
  if (exchange.phase === 'done') return false;
  const wasSent = exchange.phase === 'sent';
  link.open.finish(exchange);
  releaseExchange(exchange);
  // What is counted is what is recorded and traced, so that a replay counts the same.
  const endedAt = link.gate.clock.now();
  const durationMs = roundedMs(link.gate.elapsedMs() - exchange.startedMs);
  const counted = wasSent ? countOutcome(link, exchange, settlement, durationMs) : NOTHING;
  if (exchange.isRecorded) {
    const summary =
      exchange.progress === 0 ? settlement.summary : { ...settlement.summary, progress: exchange.progress };
    const outcome = captureOutcome(
      link,
      exchange.request,
      durationMs,
      summary === undefined ? settlement : { ...settlement, summary },
      { ...counted, time: endedAt },
    );
    if (exchange.verdict?.obligations.durable === true) link.gate.evidence.note(outcome());
    else link.gate.evidence.later(outcome);
  }
  endAttempt(link, exchange, counted.outcome, endedAt);
  link.gate.telemetry.settled(exchange.facts, exchange.span, {
    outcome: settlement.outcome,
    durationMs,
    redactions: settlement.inspection?.redactions ?? 0,
    cost: counted.cost,
    principal: exchange.actor.principal,
  });
  if (link.gate.events.has('call-settled')) {
    link.gate.events.emit('call-settled', {
      server: link.serverName,
      method: exchange.method,
      target: exchange.facts.target,
      request: exchange.request,
      outcome: settlement.outcome,
      durationMs,
      ...(counted.cost === undefined ? {} : { cost: counted.cost }),
    });
  }
  return true;
}

/** Tells the history how what was reserved ended. Last, because whoever waited for its place goes ahead from here. */
function endAttempt(link: Link, exchange: Exchange, outcome: CountedOutcome['outcome'], endedAt: Instant): void {
  const { reserved } = exchange;
  if (reserved === undefined) return;
  exchange.reserved = undefined;
  const { history } = link.gate;
  if (outcome === undefined) {
    reserved.release(endedAt);
    history.note(reserved.id, NO_CHANGES);
  } else {
    history.note(reserved.id, reserved.settle(outcome, endedAt));
  }
}

const NO_CHANGES: readonly never[] = Object.freeze([]);
