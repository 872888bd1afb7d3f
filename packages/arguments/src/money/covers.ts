import { compareDecimals } from './decimal.ts';
import type { MoneyLimit, MoneyRules } from './compile-rules.ts';

/** Whether it is proved that every value that passes `inner` passes `outer`. */
export function isMoneyCovered(inner: MoneyRules, outer: MoneyRules): boolean {
  return (
    inner.form === outer.form &&
    inner.shape === outer.shape &&
    (inner.shape === 'amount' || inner.members.every((name, index) => name === outer.members[index])) &&
    [...inner.limits].every(([currency, limit]) => isLimitCovered(limit, outer.limits.get(currency)))
  );
}

function isLimitCovered(inner: MoneyLimit, outer: MoneyLimit | undefined): boolean {
  if (outer === undefined || inner.decimals > outer.decimals) return false;
  if (compareDecimals(inner.minimum, outer.minimum) < 0) return false;
  return (
    outer.maximum === undefined || (inner.maximum !== undefined && compareDecimals(inner.maximum, outer.maximum) <= 0)
  );
}
