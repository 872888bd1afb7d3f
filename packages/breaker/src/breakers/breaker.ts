import { isJsonObject, type Instant, type JsonValue } from '@callgate/canonical';
import type { BreakerControl, ControlVerdict, Trip } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import type { CallOutcome } from '../call-outcome.ts';
import { isCount } from '../internal/is-count.ts';
import type { HistoryLimits } from '../limits.ts';
import { hasFailed } from '../outcomes.ts';
import { canReadKeys, readKeys } from '../read-keys.ts';
import { ALLOW, judgeEach, type CellChange, type Reducer } from '../reducer.ts';
import { spaceName } from '../space-name.ts';
import { halfOpenVerdict, openVerdict } from './breaker-notice.ts';
import { cycle } from './cycle.ts';
import type { BreakerEvent, Detector } from './evidence.ts';
import { identicalFailure } from './identical-failure.ts';
import { sameResult } from './same-result.ts';
import { failureRate, latency } from './samples.ts';
import { consecutiveFailure, denial } from './streak.ts';

/** Closed, or since `openedAt` open and after its time half open. */
export interface BreakerCell {
  readonly on: Trip['on'];
  evidence: unknown;
  /** Undefined while closed. */
  opened: Opened | undefined;
  /** Counts openings and closings: what was reserved before one says nothing after it. */
  epoch: number;
}

interface Opened {
  readonly until: Instant;
  readonly openMs: number;
  /** Probes under way. */
  probes: number;
  /** Probes that went well. */
  successes: number;
}

/** In which epoch the call began; as a probe, negative and one less. */
export type BreakerTicket = number;

function epochOf(ticket: BreakerTicket): number {
  return ticket < 0 ? -1 - ticket : ticket;
}

type AnyDetector = Detector<Trip, unknown>;

const DETECTORS: Readonly<Record<Trip['on'], AnyDetector>> = {
  'identical failure': identicalFailure,
  'consecutive failure': consecutiveFailure,
  denial,
  failure: failureRate,
  latency,
  cycle,
  'same result': sameResult,
};

/** Only evidence that a detector made, or read, comes back to it: `on` says whose it is. */
function detectorOf(on: Trip['on']): AnyDetector {
  return DETECTORS[on];
}

/** Circuit breakers: closed until tripped, open for a time, then half open for a few probes. */
export function createBreakerReducer({
  maxIdleMs,
}: HistoryLimits): Reducer<BreakerControl, BreakerCell, BreakerTicket> {
  return {
    space: ({ id, trip: { on }, per }) => spaceName('breaker', id, { on, per }),
    keys: (control, facts) => readKeys(control.per, facts),
    create: ({ trip: { on } }) => ({ on, evidence: detectorOf(on).create(), opened: undefined, epoch: 0 }),
    speaks: {
      of: ({ opened }) => opened !== undefined,
      canRead: (control, facts) => canReadKeys(control.per, facts),
    },
    judge: (control, held) => judgeEach(held, (cell, now) => judgeBreaker(control, cell, now)),

    reserve(_control, { opened, epoch }, _facts, now) {
      const isProbe = opened !== undefined && now >= opened.until;
      if (isProbe) opened.probes += 1;
      return isProbe ? -1 - epoch : epoch;
    },

    settle(control, cell, ticket, facts, outcome, now) {
      if (epochOf(ticket) !== cell.epoch) return undefined;
      const event = settled(facts, outcome, now);
      if (cell.opened !== undefined) return ticket < 0 ? endProbe(control, cell, cell.opened, event) : undefined;
      return detectorOf(cell.on).add(control.trip, cell.evidence, event) ? open(control, cell, now) : undefined;
    },

    release(_control, cell, ticket) {
      if (ticket < 0 && epochOf(ticket) === cell.epoch && cell.opened !== undefined) cell.opened.probes -= 1;
      return undefined;
    },

    countsDrops: ({ trip: { on } }) => on === 'denial',

    drop(control, cell, facts, _code, now) {
      if (cell.opened !== undefined) return now >= cell.opened.until ? open(control, cell, now) : undefined;
      return detectorOf(cell.on).add(control.trip, cell.evidence, denied(facts, now))
        ? open(control, cell, now)
        : undefined;
    },

    ttlMs({ trip, openMs }, { on, evidence, opened }) {
      if (opened !== undefined) return openMs + maxIdleMs;
      if (detectorOf(on).isEmpty(evidence)) return 0;
      return trip.on === 'failure' ? (trip.withinMs ?? maxIdleMs) : maxIdleMs;
    },

    copy: (cell) => ({
      ...cell,
      evidence: detectorOf(cell.on).copy(cell.evidence),
      opened: cell.opened === undefined ? undefined : { ...cell.opened },
    }),

    snapshot(cell, now) {
      const evidence = detectorOf(cell.on).write(cell.evidence);
      if (cell.opened === undefined) return { on: cell.on, evidence };
      const { until, openMs, probes, successes } = cell.opened;
      // A probe in doubt has failed.
      return {
        on: cell.on,
        evidence,
        until: probes > 0 ? now + openMs : until,
        openMs,
        successes: probes > 0 ? 0 : successes,
      };
    },

    restore: restoreBreaker,

    inspect(_control, { opened }, now) {
      if (opened === undefined) return undefined;
      const { until, probes, successes } = opened;
      return { share: 1, state: now < until ? 'open' : 'half open', until, probes, successes };
    },
  };
}

function judgeBreaker(control: BreakerControl, cell: BreakerCell | undefined, now: Instant): ControlVerdict {
  const opened = cell?.opened;
  if (opened === undefined) return ALLOW;
  if (now < opened.until) return openVerdict(control, opened.until - now);
  return opened.probes + opened.successes < control.halfOpen ? ALLOW : halfOpenVerdict(control, opened.probes);
}

function open({ openMs }: BreakerControl, cell: BreakerCell, now: Instant): CellChange {
  cell.opened = { until: now + openMs, openMs, probes: 0, successes: 0 };
  cell.epoch += 1;
  return 'opened';
}

function endProbe(
  control: BreakerControl,
  cell: BreakerCell,
  opened: Opened,
  event: BreakerEvent,
): CellChange | undefined {
  opened.probes -= 1;
  const detector = detectorOf(cell.on);
  switch (detector.signOf(control.trip, cell.evidence, event)) {
    case 'none':
      return undefined;
    case 'bad':
      return open(control, cell, event.now);
    case 'good':
      opened.successes += 1;
      if (opened.successes < control.halfOpen) return undefined;
      cell.opened = undefined;
      cell.evidence = detector.create();
      cell.epoch += 1;
      return 'closed';
  }
}

function settled(facts: CallFacts, outcome: CallOutcome, now: Instant): BreakerEvent {
  return {
    now,
    kind: outcome.outcome === 'cancelled' ? 'unheard' : hasFailed(outcome) ? 'failed' : 'ok',
    errorClass: outcome.errorClass ?? outcome.outcome,
    durationMs: outcome.durationMs,
    resultDigest: outcome.resultDigest,
    facts,
  };
}

function denied(facts: CallFacts, now: Instant): BreakerEvent {
  return { now, kind: 'denied', errorClass: '', durationMs: 0, resultDigest: undefined, facts };
}

function restoreBreaker(value: JsonValue): BreakerCell | undefined {
  if (!isJsonObject(value)) return undefined;
  const { on, evidence = null, until, openMs, successes } = value;
  if (typeof on !== 'string' || !Object.hasOwn(DETECTORS, on)) return undefined;
  const cell: BreakerCell = { on: on as Trip['on'], evidence: undefined, opened: undefined, epoch: 0 };
  cell.evidence = detectorOf(cell.on).read(evidence);
  if (cell.evidence === undefined) return undefined;
  if (until === undefined) return cell;
  if (typeof until !== 'number' || !isCount(openMs) || !isCount(successes)) return undefined;
  return { ...cell, opened: { until, openMs, probes: 0, successes } };
}
