import type { Instant } from '@callgate/canonical';
import type { ControlVerdict, MeterControl } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import type { CallOutcome } from '../call-outcome.ts';
import { expectedAmount, isOfResult, settledAmount } from './amounts.ts';
import { exceeded, nearlyExceeded } from './meter-notice.ts';
import { countAmount, countedAt, forgetSpentAmounts, waitMs, type SlidingSum } from './sliding-sum.ts';
import { addAmount, createTotal, isAmount, isMore, subtractAmount, valueOf } from './total.ts';
import { ALLOW } from '../reducer.ts';

const NOTHING = createTotal();

/** Judges a call by a count or a sum. */
export function judgeSum(
  control: MeterControl,
  sum: SlidingSum | undefined,
  facts: CallFacts,
  now: Instant,
): ControlVerdict {
  const amount = expectedAmount(control, facts);
  if (!isAmount(amount)) {
    const message = `expected a number from 0 to ${Number.MAX_SAFE_INTEGER} to add up, got something else`;
    return { effect: 'error', code: 'history.amount', message };
  }
  const { max, soft } = control;
  const counted = sum === undefined ? NOTHING : countedAt(sum, now);
  const reserved = sum?.reserved ?? NOTHING;
  // What costs nothing that is known yet still needs something to be left.
  const needed = isOfResult(control) && amount === 0 ? LEAST : amount;
  if (max === 0 || isMore(counted, reserved, needed, max)) {
    const wait = sum === undefined || max === 0 ? undefined : waitMs(sum, needed, max, now);
    return exceeded(control, 'meter.exceeded', valueOf(counted, reserved), wait);
  }
  if (soft !== undefined && isMore(counted, reserved, amount, soft)) {
    return nearlyExceeded(control, valueOf(counted, reserved));
  }
  return ALLOW;
}

/** The least that a total tells apart from nothing. */
const LEAST = 1e-6;

/** What {@link settleSum} and {@link releaseSum} take back. */
export function reserveSum(control: MeterControl, sum: SlidingSum, facts: CallFacts): number {
  // A denial is no call that goes ahead.
  return control.measure.of === 'denials' ? 0 : addAmount(sum.reserved, expectedAmount(control, facts));
}

export function settleSum(
  control: MeterControl,
  sum: SlidingSum,
  reserved: number,
  facts: CallFacts,
  outcome: CallOutcome,
  now: Instant,
  maxEntries: number,
): void {
  subtractAmount(sum.reserved, reserved);
  countAmount(sum, settledAmount(control, facts, outcome, reserved), now, maxEntries);
}

export function releaseSum(sum: SlidingSum, reserved: number, now: Instant): void {
  subtractAmount(sum.reserved, reserved);
  forgetSpentAmounts(sum, now);
}
