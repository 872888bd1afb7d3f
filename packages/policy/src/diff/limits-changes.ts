import type { Obligations } from '../decision.ts';
import { strictestObligations } from '../decide/draft.ts';
import { bound, wordsOf } from './entry-changes.ts';
import type { CountedChange } from './make-item.ts';
import { outgoingChanges } from './outgoing-changes.ts';
import { resultChanges } from './result-changes.ts';
import type { EntrySide, ServerSide } from './sides.ts';

/** How the limits of calls and their results changed. They count by themselves: no call shows them. */
export function limitsChanges(
  before: Obligations,
  after: Obligations,
  words: Pick<CountedChange, 'before' | 'after'>,
): readonly CountedChange[] {
  return [
    ...limitChange('timeout', before.timeoutMs, after.timeoutMs, 'ms'),
    ...limitChange('maxResultBytes', before.maxResultBytes, after.maxResultBytes, 'bytes'),
    ...resultChanges(before, after, words),
    ...outgoingChanges(before, after),
  ];
}

function limitChange(key: string, before: number, after: number, unit: string): readonly CountedChange[] {
  return before === after ? [] : bound(key, before, after, { before: `${before} ${unit}`, after: `${after} ${unit}` });
}

/** How the limits changed of calls that other entries judge than before. Of calls that were or are denied by default, nothing did. */
export function judgedLimitsChanges(
  [before, after]: readonly [readonly EntrySide[], readonly EntrySide[]],
  sides: readonly [ServerSide, ServerSide],
): readonly CountedChange[] {
  const [one, other] = [limitsOf(before, sides[0]), limitsOf(after, sides[1])];
  if (one === undefined || other === undefined) return [];
  return limitsChanges(one, other, { before: resultWords(before), after: resultWords(after) });
}

function limitsOf(entries: readonly EntrySide[], { parts }: ServerSide): Obligations | undefined {
  if (entries.length > 0) return strictestObligations(entries.map(({ entry }) => entry.obligations));
  return parts.stage === 'enforce' ? undefined : parts.obligations;
}

function resultWords(entries: readonly EntrySide[]): string | null {
  const written = entries.flatMap(({ document }) => wordsOf(document['result']) ?? []);
  return written.length === 0 ? null : written.join('; ');
}
