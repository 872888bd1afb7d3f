import type { RuleReference } from '../decision.ts';
import type { Doubt } from './entry-strictness.ts';
import { findFlips, type CandidateCalls, type FlipSearch } from './find-flips.ts';
import type { Answer, Change, ChangeDirection, DiffItem, DiffSubject } from './policy-diff.ts';

/** A difference in a document that counts by itself, whatever calls come to: a deadline, a limit, who may approve. */
export interface CountedChange extends Change {
  /** Whether its direction is the item's too. What calls show is not counted again. */
  readonly counts: boolean;
  /** Whether it narrows, where its direction does not say: what widened may narrow as well. */
  readonly narrows?: Answer;
}

/** Everything about one thing that may differ. */
export interface ItemDraft {
  readonly subject: DiffSubject;
  readonly server: string | null;
  readonly name: string | null;
  readonly status: DiffItem['status'];
  /** Why it is not proved that no call is widened; undefined where it is. */
  readonly widening: Doubt;
  readonly narrowing: Doubt;
  readonly changes: readonly CountedChange[];
  readonly calls: () => CandidateCalls;
  readonly before: readonly RuleReference[];
  readonly after: readonly RuleReference[];
}

/** Looks for calls that show what is not ruled out. Undefined where nothing differs. */
export function makeItem(draft: ItemDraft, search: FlipSearch): DiffItem | undefined {
  const { subject, server, name, status, widening, narrowing, before, after } = draft;
  const isProved = widening === undefined && narrowing === undefined;
  if (isProved && draft.changes.length === 0) return undefined;
  const wanted = { widening: widening !== undefined, narrowing: narrowing !== undefined };
  const flips = isProved ? [] : findFlips(search, draft.calls(), wanted);
  const widens = answer('widened', widening, draft, flips);
  const narrows = answer('narrowed', narrowing, draft, flips);
  const reasons = [
    ...(widens === 'unknown' && widening !== undefined ? [widening] : []),
    ...(narrows === 'unknown' && narrowing !== undefined ? [narrowing] : []),
  ];
  return {
    subject,
    server,
    name,
    status,
    direction: directionFrom(widens, narrows),
    widens,
    narrows,
    flips,
    changes: draft.changes.map(published),
    reasons: [...new Set(reasons)],
    before,
    after,
  };
}

function answer(
  direction: 'widened' | 'narrowed',
  doubt: Doubt,
  { changes }: ItemDraft,
  flips: readonly { readonly direction: string }[],
): Answer {
  const answers = new Set(changes.filter((change) => change.counts).map((change) => answerOf(change, direction)));
  if (answers.has('yes') || flips.some((flip) => flip.direction === direction)) return 'yes';
  return doubt !== undefined || answers.has('unknown') ? 'unknown' : 'no';
}

function answerOf(change: CountedChange, direction: 'widened' | 'narrowed'): Answer {
  if (direction === 'narrowed' && change.narrows !== undefined) return change.narrows;
  if (change.direction === direction) return 'yes';
  return change.direction === 'unknown' ? 'unknown' : 'no';
}

function directionFrom(widens: Answer, narrows: Answer): ChangeDirection {
  if (widens === 'yes') return 'widened';
  if (widens === 'unknown') return 'unknown';
  return narrows === 'no' ? 'changed' : 'narrowed';
}

function published({ key, direction, before, after, example }: CountedChange): Change {
  return { key, direction, before, after, ...(example === undefined ? {} : { example }) };
}
