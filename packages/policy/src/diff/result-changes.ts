import type { Obligations } from '../decision.ts';
import { DEFAULT_RESULT_RULES, areRulesAsStrict } from '../results/result-rules.ts';
import type { CountedChange } from './make-item.ts';
import type { ChangeDirection } from './policy-diff.ts';

/** How the inspection of results changed. It counts by itself: no call shows it. */
export function resultChanges(
  before: Obligations,
  after: Obligations,
  words: Pick<CountedChange, 'before' | 'after'>,
): readonly CountedChange[] {
  const isInside = isAsStrict(after, before);
  const isAround = isAsStrict(before, after);
  if (isInside && isAround) return [];
  const direction: ChangeDirection = isInside ? 'narrowed' : 'widened';
  return [{ key: 'result', direction, ...words, counts: true, narrows: isAround ? 'no' : 'yes' }];
}

function isAsStrict(
  { result: stricter = DEFAULT_RESULT_RULES }: Obligations,
  { result: than = DEFAULT_RESULT_RULES }: Obligations,
): boolean {
  if (than === 'off') return true;
  return stricter !== 'off' && areRulesAsStrict(stricter, than);
}
