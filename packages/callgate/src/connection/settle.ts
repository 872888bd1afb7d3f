import { NOTHING, countOutcome, type CountedOutcome } from '../history/call-outcome.ts';
import type { Exchange } from './exchange.ts';
import { releaseExchange } from './exchange.ts';
import type { Link } from './link.ts';
import { captureOutcome, type Settlement } from './record.ts';

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
  const endedMs = link.gate.elapsedMs();
  const durationMs = endedMs - exchange.startedMs;
  const counted = wasSent ? countOutcome(link, exchange, settlement, endedMs - exchange.sentMs) : NOTHING;
  if (exchange.isRecorded) {
    const summary =
      exchange.progress === 0 ? settlement.summary : { ...settlement.summary, progress: exchange.progress };
    const outcome = captureOutcome(
      link,
      exchange.request,
      durationMs,
      summary === undefined ? settlement : { ...settlement, summary },
      counted,
    );
    if (exchange.verdict?.obligations.durable === true) link.gate.evidence.note(outcome());
    else link.gate.evidence.later(outcome);
  }
  endAttempt(link, exchange, counted.outcome);
  link.gate.telemetry.settled(
    exchange.facts,
    exchange.span,
    settlement.outcome,
    durationMs,
    settlement.inspection?.redactions ?? 0,
  );
  if (link.gate.events.has('call-settled')) {
    link.gate.events.emit('call-settled', {
      server: link.serverName,
      method: exchange.method,
      target: exchange.facts.target,
      request: exchange.request,
      outcome: settlement.outcome,
      durationMs,
    });
  }
  return true;
}

/** Tells the history how what was reserved ended. Last, because whoever waited for its place goes ahead from here. */
function endAttempt(link: Link, exchange: Exchange, outcome: CountedOutcome['outcome']): void {
  const { reserved } = exchange;
  if (reserved === undefined) return;
  exchange.reserved = undefined;
  const { clock, history } = link.gate;
  if (outcome === undefined) {
    reserved.release(clock.now());
    history.note(reserved.id, NO_CHANGES);
  } else {
    history.note(reserved.id, reserved.settle(outcome, clock.now()));
  }
}

const NO_CHANGES: readonly never[] = Object.freeze([]);
