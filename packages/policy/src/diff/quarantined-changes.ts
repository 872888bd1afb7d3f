import type { Entry } from '../compile/entry.ts';
import { quarantinedPlaces } from '../envelope/quarantined-places.ts';
import type { CountedChange } from './make-item.ts';

/** How it changed which arguments may be something in quarantine. It counts by itself: no call shows it. */
export function quarantinedChanges(before: Entry, after: Entry): readonly CountedChange[] {
  const [one, other] = [quarantinedPlaces(before.envelope), quarantinedPlaces(after.envelope)];
  const isInside = other.every((place) => one.includes(place));
  const isAround = one.every((place) => other.includes(place));
  if (isInside && isAround) return [];
  return [
    {
      key: 'quarantined',
      direction: isInside ? 'narrowed' : 'widened',
      before: wordsOf(one),
      after: wordsOf(other),
      counts: true,
      narrows: isAround ? 'no' : 'yes',
    },
  ];
}

function wordsOf(places: readonly string[]): string | null {
  return places.length === 0 ? null : places.join(', ');
}
