import type { Instant } from '@callgate/canonical';
import type { BreakerControl, ControlledCall, MeterControl, RateControl } from '@callgate/policy';

import type { CallOutcome } from '../../src/call-outcome.ts';

/*
 * What controls mean, told naively: the list of all that happened under a key, and every answer computed from it anew. It shares no code
 * with the reducers.
 */

export type LoggedEvent =
  | { readonly type: 'start'; readonly id: number; readonly call: ControlledCall; readonly at: Instant }
  | { readonly type: 'settle'; readonly id: number; readonly outcome: CallOutcome; readonly at: Instant }
  | { readonly type: 'release'; readonly id: number; readonly at: Instant }
  | { readonly type: 'drop'; readonly at: Instant }
  /** Nothing is known any more of what was under way. */
  | { readonly type: 'restart'; readonly at: Instant };

export type Answer = 'allow' | 'soft' | 'refuse' | 'error';

/** One control, from the log of one key. */
export interface Reference {
  answer(log: readonly LoggedEvent[], call: ControlledCall, now: Instant): Answer;
  /** Whether the log says the same as an empty one, at a time after all of it. */
  isSilent(log: readonly LoggedEvent[], now: Instant): boolean;
}

interface LoggedCall {
  readonly call: ControlledCall;
  readonly startedAt: Instant;
  end:
    | { readonly how: 'settle' | 'release' | 'doubt'; readonly outcome: CallOutcome; readonly at: Instant }
    | undefined;
}

const DOUBT: CallOutcome = { outcome: 'unknown', durationMs: 0, bytes: 0 };
const FAILED: readonly string[] = ['tool_error', 'error', 'timeout', 'quarantined', 'unknown'];
const IN_DOUBT: readonly string[] = ['timeout', 'cancelled', 'unknown'];

function callsOf(log: readonly LoggedEvent[]): readonly LoggedCall[] {
  const calls = new Map<number, LoggedCall>();
  for (const event of log) {
    if (event.type === 'start') calls.set(event.id, { call: event.call, startedAt: event.at, end: undefined });
    if (event.type === 'settle') calls.get(event.id)!.end = { how: 'settle', outcome: event.outcome, at: event.at };
    if (event.type === 'release') calls.get(event.id)!.end = { how: 'release', outcome: DOUBT, at: event.at };
    if (event.type === 'restart') {
      for (const call of calls.values()) call.end ??= { how: 'doubt', outcome: DOUBT, at: event.at };
    }
  }
  return [...calls.values()].filter(({ end }) => end?.how !== 'release');
}

/** Millionths; undefined is beyond counting. */
function micros(amount: number): bigint | undefined {
  if (!(amount >= 0 && amount <= Number.MAX_SAFE_INTEGER)) return undefined;
  const whole = Math.floor(amount);
  // What is less counts as one; a thousandth of it is rounding.
  return BigInt(whole) * 1_000_000n + BigInt(Math.ceil((amount - whole) * 1e6 - 1e-3));
}

function sumOf(amounts: readonly number[]): bigint | undefined {
  let sum = 0n;
  for (const amount of amounts) {
    const next = micros(amount);
    if (next === undefined) return undefined;
    sum += next;
  }
  return sum;
}

function argumentAt(call: ControlledCall, pointer: string): unknown {
  return call.args[pointer.slice(1)];
}

export function meterReference(control: MeterControl): Reference {
  const { measure, withinMs = Number.POSITIVE_INFINITY, max } = control;
  const expected = (call: ControlledCall): number => {
    if (measure.of === 'cost') return Math.max(control.reserve, call.cost?.perCall ?? 0);
    if (measure.of === 'bytes' || measure.of === 'rows' || measure.of === 'tokens') return control.reserve;
    return measure.of === 'argument' ? Number(argumentAt(call, measure.pointer)) : 1;
  };
  const became = (call: ControlledCall, outcome: CallOutcome): number => {
    const known = (): number => {
      switch (measure.of) {
        case 'failures':
          return FAILED.includes(outcome.outcome) ? 1 : 0;
        case 'cost':
          return call.cost === undefined ? 0 : call.cost.perCall + (call.cost.perKiB * outcome.bytes) / 1024;
        case 'bytes':
          return outcome.bytes;
        case 'rows':
          return outcome.rows ?? expected(call);
        case 'tokens':
          return outcome.tokens ?? expected(call);
        default:
          return expected(call);
      }
    };
    return IN_DOUBT.includes(outcome.outcome) ? Math.max(known(), expected(call)) : known();
  };
  const counts = (at: Instant, now: Instant): boolean => now < at + withinMs;

  /** All amounts that count now. */
  const amountsAt = (log: readonly LoggedEvent[], now: Instant): number[] => {
    if (measure.of === 'denials') {
      return log.filter(({ type, at }) => type === 'drop' && counts(at, now)).map(() => 1);
    }
    return callsOf(log).flatMap(({ call, end }) => {
      if (end === undefined) return [expected(call)];
      if (measure.of === 'open' || !counts(end.at, now)) return [];
      return [end.how === 'doubt' ? expected(call) : became(call, end.outcome)];
    });
  };
  const valueOf = (call: ControlledCall): string =>
    measure.of === 'distinct' && measure.value.by === 'argument'
      ? JSON.stringify(argumentAt(call, measure.value.pointer))
      : JSON.stringify([call.server, call.tool]);
  const valuesAt = (log: readonly LoggedEvent[], now: Instant): Set<string> =>
    new Set(
      callsOf(log)
        .filter(({ end }) => end === undefined || counts(end.at, now))
        .map(({ call }) => valueOf(call)),
    );

  return {
    answer(log, call, now) {
      if (measure.of === 'distinct') {
        const { size } = valuesAt(log, now).add(valueOf(call));
        return size > max ? 'refuse' : size > (control.soft ?? Infinity) ? 'soft' : 'allow';
      }
      const amount = expected(call);
      if (micros(amount) === undefined) return 'error';
      const used = sumOf(amountsAt(log, now));
      const withCall = used === undefined ? undefined : used + micros(amount)!;
      const isOfResult = ['cost', 'bytes', 'rows', 'tokens'].includes(measure.of);
      const limit = micros(max)!;
      if (max === 0 || used === undefined || withCall === undefined || withCall > limit) return 'refuse';
      if (isOfResult && used >= limit) return 'refuse';
      if (measure.of === 'open' && control.degrade !== undefined) {
        const { from, cost } = control.degrade;
        if (Number(used / 1_000_000n) >= from * max && (call.cost?.perCall ?? 0) >= cost) return 'refuse';
      }
      return control.soft !== undefined && withCall > micros(control.soft)! ? 'soft' : 'allow';
    },
    isSilent: (log, now) =>
      callsOf(log).every(({ end }) => end !== undefined) &&
      (measure.of === 'distinct' ? valuesAt(log, now).size === 0 : amountsAt(log, now).every((amount) => amount === 0)),
  };
}

/** Virtual scheduling, as ITU-T I.371 puts it first: the theoretical arrival time, here in parts of a millisecond. */
export function rateReference({ max, withinMs, burst }: RateControl): Reference {
  const arrivalTime = (log: readonly LoggedEvent[]): number => {
    let tat = Number.NEGATIVE_INFINITY;
    const starts = new Map<number, Instant>();
    for (const event of log) {
      const now = event.at * max;
      if (event.type === 'start') {
        tat = Math.max(tat, now) + withinMs;
        starts.set(event.id, event.at);
      }
      if (event.type === 'release') {
        const rest = Math.max(0, withinMs - (event.at - starts.get(event.id)!) * max);
        tat = Math.max(now, Math.max(tat, now) - rest);
      }
    }
    return tat;
  };
  return {
    answer: (log, _call, now) =>
      max === 0 || arrivalTime(log) - now * max > (burst - 1) * withinMs ? 'refuse' : 'allow',
    isSilent: (log, now) => callsOf(log).every(({ end }) => end !== undefined) && arrivalTime(log) <= now * max,
  };
}

interface Past {
  readonly kind: 'ok' | 'failed' | 'unheard' | 'denied';
  readonly at: Instant;
  readonly call: string;
  readonly outcome: CallOutcome;
}

/** Whether the breaker is to open, given all that happened since it was last closed, the newest last. */
function isTripped({ trip }: BreakerControl, past: readonly Past[]): boolean {
  const last = past.at(-1);
  if (last === undefined) return false;
  const heard = past.filter(({ kind }) => kind === 'ok' || kind === 'failed');
  const sinceOk = heard.slice(heard.findLastIndex(({ kind }) => kind === 'ok') + 1);
  switch (trip.on) {
    case 'identical failure': {
      const classOf = ({ outcome }: Past): string => outcome.errorClass ?? outcome.outcome;
      return last.kind === 'failed' && sinceOk.filter((one) => classOf(one) === classOf(last)).length >= trip.after;
    }
    case 'consecutive failure':
      return last.kind === 'failed' && sinceOk.length >= trip.after;
    case 'denial':
      return (
        last.kind === 'denied' && past.slice(-trip.after).filter(({ kind }) => kind === 'denied').length >= trip.after
      );
    case 'failure': {
      const recent = heard.filter(({ at }) => last.at < at + (trip.withinMs ?? Infinity)).slice(-trip.of);
      const failed = recent.filter(({ kind }) => kind === 'failed').length;
      return last.kind !== 'unheard' && recent.length === trip.of && failed > 0 && failed / trip.of >= trip.rate;
    }
    case 'latency': {
      const timed = past.filter(({ kind, outcome }) => kind !== 'unheard' || outcome.durationMs > trip.overMs);
      if (timed.at(-1) !== last) return false;
      const durations = timed.slice(-trip.of).map(({ outcome }) => outcome.durationMs);
      const sorted = durations.toSorted((left, right) => left - right);
      return (
        durations.length === trip.of && sorted[Math.max(0, Math.ceil(trip.percentile * trip.of) - 1)]! > trip.overMs
      );
    }
    case 'cycle': {
      const calls = past.map(({ call }) => call);
      return Array.from({ length: trip.length }, (_, index) => index + 1).some((length) => {
        const tail = calls.slice(-length * trip.after);
        return tail.length === length * trip.after && tail.every((call, index) => call === tail[index % length]);
      });
    }
    case 'same result': {
      const told = past.filter(({ outcome }) => outcome.resultDigest !== undefined);
      const tail = told.slice(-trip.after);
      return (
        told.at(-1) === last &&
        tail.length === trip.after &&
        tail.every(({ outcome }) => outcome.resultDigest === last.outcome.resultDigest)
      );
    }
  }
}

/** What the end of a probe says: true closes, false opens again. */
function isGood(control: BreakerControl, before: readonly Past[], probe: Past): boolean | undefined {
  const { trip } = control;
  switch (trip.on) {
    case 'identical failure':
    case 'consecutive failure':
    case 'failure':
      return probe.kind === 'ok' ? true : probe.kind === 'failed' ? false : undefined;
    case 'denial':
      return probe.kind !== 'denied';
    case 'latency':
      if (probe.outcome.durationMs > trip.overMs) return false;
      return probe.kind === 'unheard' ? undefined : true;
    case 'cycle':
      return !isTripped(control, [...before, probe]);
    case 'same result':
      if (probe.outcome.resultDigest === undefined) return undefined;
      return (
        probe.outcome.resultDigest !==
        before.findLast(({ outcome }) => outcome.resultDigest !== undefined)?.outcome.resultDigest
      );
  }
}

export function breakerReference(control: BreakerControl): Reference {
  const { trip, openMs, halfOpen } = control;

  const replay = (log: readonly LoggedEvent[]) => {
    let past: Past[] = [];
    let openUntil: number | undefined;
    let successes = 0;
    /** Calls under way that still matter, and which of them are probes. */
    let underWay = new Map<number, { readonly call: string; readonly isProbe: boolean }>();
    const open = (at: Instant): void => {
      openUntil = at + openMs;
      successes = 0;
      underWay = new Map();
    };
    const take = (event: Past, isProbe: boolean): void => {
      if (openUntil === undefined) {
        past.push(event);
        if (isTripped(control, past)) open(event.at);
        return;
      }
      if (!isProbe) return;
      const good = isGood(control, past, event);
      if (good === false) open(event.at);
      if (good !== true) return;
      successes += 1;
      if (successes < halfOpen) return;
      openUntil = undefined;
      past = [];
      underWay = new Map();
    };
    for (const event of log) {
      switch (event.type) {
        case 'start': {
          const call = JSON.stringify([event.call.server, event.call.tool, event.call.args]);
          underWay.set(event.id, { call, isProbe: openUntil !== undefined && event.at >= openUntil });
          break;
        }
        case 'settle': {
          const known = underWay.get(event.id);
          underWay.delete(event.id);
          if (known === undefined) break;
          const { outcome } = event;
          const kind = outcome.outcome === 'cancelled' ? 'unheard' : FAILED.includes(outcome.outcome) ? 'failed' : 'ok';
          take({ kind, at: event.at, call: known.call, outcome }, known.isProbe);
          break;
        }
        case 'release':
          underWay.delete(event.id);
          break;
        case 'drop':
          if (trip.on !== 'denial') break;
          take(
            { kind: 'denied', at: event.at, call: '', outcome: DOUBT },
            openUntil !== undefined && event.at >= openUntil,
          );
          break;
        case 'restart':
          // Probes in doubt have failed; what else was under way says nothing.
          if ([...underWay.values()].some(({ isProbe }) => isProbe)) open(event.at);
          underWay = new Map();
          break;
      }
    }
    return { past, openUntil, successes, probes: [...underWay.values()].filter(({ isProbe }) => isProbe).length };
  };

  const hasEvidence = (past: readonly Past[]): boolean => {
    const last = past.at(-1);
    if (last === undefined) return false;
    switch (trip.on) {
      case 'identical failure':
      case 'consecutive failure':
        return past.slice(past.findLastIndex(({ kind }) => kind === 'ok') + 1).some(({ kind }) => kind === 'failed');
      case 'denial':
        return last.kind === 'denied';
      case 'failure':
        return past.some(({ kind, at }) => kind !== 'unheard' && last.at < at + (trip.withinMs ?? Infinity));
      case 'latency':
        return past.some(({ kind, outcome }) => kind !== 'unheard' || outcome.durationMs > trip.overMs);
      case 'cycle':
        return true;
      case 'same result':
        return past.some(({ outcome }) => outcome.resultDigest !== undefined);
    }
  };

  return {
    answer(log, _call, now) {
      const { openUntil, successes, probes } = replay(log);
      if (openUntil === undefined) return 'allow';
      return now < openUntil || probes + successes >= halfOpen ? 'refuse' : 'allow';
    },
    isSilent(log) {
      const { past, openUntil } = replay(log);
      return callsOf(log).every(({ end }) => end !== undefined) && openUntil === undefined && !hasEvidence(past);
    },
  };
}
