import { compareMoments, spanBetween } from './calendar.ts';
import type { TimeRules } from './compile-rules.ts';

/** Whether it is proved that every value that passes `inner` passes `outer`. */
export function isTimeCovered(inner: TimeRules, outer: TimeRules): boolean {
  return (
    inner.syntax.form === outer.syntax.form &&
    (inner.syntax.zone === outer.syntax.zone || (inner.syntax.zone === 'utc' && outer.syntax.zone === 'offset')) &&
    inner.syntax.fraction <= outer.syntax.fraction &&
    inner.interval === outer.interval &&
    inner.members.every((name, index) => name === outer.members[index]) &&
    compareMoments(inner.earliest, outer.earliest) >= 0 &&
    compareMoments(inner.latest, outer.latest) <= 0 &&
    isSpanCovered(inner, outer.maxSpan)
  );
}

/** Nothing is longer than the bounds are apart. */
function isSpanCovered(inner: TimeRules, most: number | undefined): boolean {
  if (most === undefined || (inner.maxSpan !== undefined && inner.maxSpan <= most)) return true;
  return compareMoments(spanBetween(inner.earliest, inner.latest), { seconds: most, nanos: 0 }) <= 0;
}
