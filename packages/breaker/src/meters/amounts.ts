import type { CostRule, MeterControl } from '@callgate/policy';

import { valueAt, type CallFacts } from '../call-facts.ts';
import type { CallOutcome } from '../call-outcome.ts';
import { hasFailed, isInDoubt } from '../outcomes.ts';

/** Whether the amount is known of the result only. Such a meter refuses once nothing is left, however little a call reserves. */
export function isOfResult({ measure: { of } }: MeterControl): boolean {
  return of === 'cost' || of === 'bytes' || of === 'rows' || of === 'tokens';
}

/** What a call counts until it has ended. Not a number where the call does not say. */
export function expectedAmount(control: MeterControl, facts: CallFacts): number {
  const { measure } = control;
  switch (measure.of) {
    case 'calls':
    case 'failures':
    case 'denials':
    case 'open':
    case 'distinct':
      return 1;
    case 'cost':
      return Math.max(control.reserve, facts.call.cost?.perCall ?? 0);
    case 'bytes':
    case 'rows':
    case 'tokens':
      return control.reserve;
    case 'argument': {
      const amount = facts.argument(measure.pointer);
      return typeof amount === 'number' ? amount : Number.NaN;
    }
  }
}

/**
 * What a call turned out to count.
 *
 * @param expected what was reserved for it: it counts where the amount is not known, and at least where the call is in doubt
 */
export function settledAmount(control: MeterControl, facts: CallFacts, outcome: CallOutcome, expected: number): number {
  const known = knownAmount(control, facts, outcome, expected);
  return isInDoubt(outcome) ? Math.max(known, expected) : known;
}

function knownAmount(control: MeterControl, facts: CallFacts, outcome: CallOutcome, expected: number): number {
  switch (control.measure.of) {
    case 'calls':
    case 'open':
    case 'distinct':
    case 'argument':
      return expected;
    case 'failures':
      return hasFailed(outcome) ? 1 : 0;
    case 'denials':
      return 0;
    case 'cost':
      return costOf(facts.call.cost, outcome, expected);
    case 'bytes':
      return outcome.bytes;
    case 'rows':
      return outcome.rows ?? expected;
    case 'tokens':
      return outcome.tokens ?? expected;
  }
}

const BYTES_PER_KIB = 1024;

/**
 * What a call cost, in units of the policy. Where the result should tell and does not, at least what was expected; what it tells that is
 * no number, or less than nothing, is beyond counting.
 */
export function costOf(rule: CostRule | undefined, { bytes, result }: CallOutcome, expected: number): number {
  if (rule === undefined) return 0;
  const known = rule.perCall + (rule.perKiB * bytes) / BYTES_PER_KIB;
  if (rule.at === undefined) return known;
  const told = result === undefined ? undefined : valueAt(result, rule.at);
  if (told === undefined) return Math.max(known, expected);
  return typeof told === 'number' && told >= 0 ? known + told : Number.NaN;
}
