import type { Obligations } from '../decision.ts';
import { DEFAULT_OUTGOING_RULES, isOutgoingAsStrict } from '../outgoing/outgoing-rules.ts';
import type { CountedChange } from './make-item.ts';

/** How the inspection of what is sent changed. It counts by itself: no call that is compared holds a secret. */
export function outgoingChanges(
  { outgoing: before = DEFAULT_OUTGOING_RULES }: Obligations,
  { outgoing: after = DEFAULT_OUTGOING_RULES }: Obligations,
): readonly CountedChange[] {
  if (before.secrets === after.secrets) return [];
  const isNarrowed = isOutgoingAsStrict(after, before);
  return [
    {
      key: 'outgoing.secrets',
      direction: isNarrowed ? 'narrowed' : 'widened',
      before: before.secrets,
      after: after.secrets,
      counts: true,
      narrows: isNarrowed ? 'yes' : 'no',
    },
  ];
}
