import type { ValueCheck } from '../envelope/value-check.ts';
import type { Containment } from '../kinds/kind.ts';
import { provesWithin } from './prove-within.ts';
import type { TextSearcher } from './text-search.ts';
import { valueDifferences } from './value-differences.ts';

/**
 * Whether every value that `inner` accepts is one that `outer` accepts: `yes` is proved, `no` is shown by a value, everything else is
 * `unknown`.
 */
export function isWithin(inner: ValueCheck, outer: ValueCheck, texts: TextSearcher): Containment {
  if (provesWithin(inner, outer, texts)) return 'yes';
  return valueDifferences(inner, outer, texts).length > 0 ? 'no' : 'unknown';
}
