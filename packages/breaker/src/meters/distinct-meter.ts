import type { Instant } from '@callgate/canonical';
import type { ControlVerdict, KeyPart, MeterControl } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import { keyText } from '../key-text.ts';
import { hasPart, readPart } from '../read-keys.ts';
import { ALLOW } from '../reducer.ts';
import { distinctAt, isCounted, waitForValue, type DistinctValues } from './distinct-values.ts';
import { exceeded, nearlyExceeded } from './meter-notice.ts';

/** The value that a call counts by, or undefined where it has none. Tools of different servers differ. */
export function valueOfCall(value: KeyPart, facts: CallFacts): string | undefined {
  const text = readPart(value, facts);
  return value.by === 'tool' && text !== undefined ? keyText([facts.call.server, text]) : text;
}

/** Judges a call by how many different values there would be. */
export function judgeDistinct(
  control: MeterControl,
  part: KeyPart,
  values: DistinctValues | undefined,
  facts: CallFacts,
  now: Instant,
): ControlVerdict {
  if (!hasPart(part, facts)) {
    const what = part.by === 'argument' ? `the argument \`${part.pointer}\`` : `a known ${part.by}`;
    return { effect: 'error', code: 'history.value', message: `expected ${what} to count, got none` };
  }
  const { max, soft = max } = control;
  const used = values === undefined ? 0 : distinctAt(values, now);
  // Whichever it is: most often the digest of the argument is not needed.
  if (used + 1 <= Math.min(max, soft)) return ALLOW;
  const value = valueOfCall(part, facts) ?? '';
  const needed = values !== undefined && isCounted(values, value, now) ? 0 : 1;
  if (used + needed > max) {
    const wait = values === undefined || max === 0 ? undefined : waitForValue(values, value, max, now);
    return exceeded(control, 'meter.exceeded', used, wait);
  }
  return used + needed > soft ? nearlyExceeded(control, used) : ALLOW;
}
