import type { Instant } from '@callgate/canonical';

import { keyTexts } from './key-text.ts';
import type { InspectedCell } from './reducer.ts';
import { idOfSpace, kindOfSpace } from './space-name.ts';
import type { Space, Spaces } from './space.ts';

/** The state of one control, for operators. */
export interface InspectedControl {
  /** The control's id, or what names the state that several share. */
  readonly id: string;
  readonly kind: string;
  /** How many keys there are. */
  readonly keys: number;
  /** The keys that are nearest to refusing, the nearest first. Arguments are digests. */
  readonly fullest: readonly (InspectedCell & { readonly key: readonly string[] })[];
}

/** How many keys are shown of each control. */
const SHOWN = 10;

/** What operators want to see. It looks at every key. */
export function inspectSpaces(spaces: Spaces, now: Instant): readonly InspectedControl[] {
  return [...spaces.all()].map((space) => ({
    id: idOfSpace(space.name),
    kind: kindOfSpace(space.name),
    keys: space.store.size,
    fullest: fullestOf(space, now),
  }));
}

function fullestOf({ store, control, reducer }: Space, now: Instant): InspectedControl['fullest'] {
  if (control === undefined) return [];
  const shown: (InspectedCell & { readonly key: readonly string[] })[] = [];
  for (const slot of store.slots()) {
    const inspected = reducer.inspect(control, slot.cell, Math.max(slot.seenAt, now));
    if (inspected === undefined) continue;
    const least = shown[SHOWN - 1];
    if (least !== undefined && inspected.share <= least.share) continue;
    const { length } = shown.filter(({ share }) => share >= inspected.share);
    shown.splice(length, 0, { ...inspected, key: keyTexts(slot.key) ?? [slot.key] });
    shown.length = Math.min(shown.length, SHOWN);
  }
  return shown;
}
