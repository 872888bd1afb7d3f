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
  link.open.finish(exchange);
  releaseExchange(exchange);
  const durationMs = link.gate.elapsedMs() - exchange.startedMs;
  if (exchange.isRecorded) {
    const summary =
      exchange.progress === 0 ? settlement.summary : { ...settlement.summary, progress: exchange.progress };
    const outcome = captureOutcome(
      link,
      exchange.request,
      durationMs,
      summary === undefined ? settlement : { ...settlement, summary },
    );
    if (exchange.verdict?.obligations.durable === true) link.gate.evidence.note(outcome());
    else link.gate.evidence.later(outcome);
  }
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
