import type { Instant } from '@callgate/canonical';
import type { Control, KeyPart } from '@callgate/policy';

import { keyTexts } from './key-text.ts';
import type { InspectedCell } from './reducer.ts';
import { idOfSpace, kindOfSpace } from './space-name.ts';
import type { Space, Spaces } from './space.ts';

/** The state of one control, for operators. */
export interface InspectedControl {
  /** The control's id, or what names the state that several share. */
  readonly id: string;
  readonly kind: string;
  /** What the parts of a key are, in their order and as a policy names them (`run`, `principal.user`); empty where it has no `per`. */
  readonly per: readonly string[];
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
    per: perOf(space.control),
    keys: space.store.size,
    fullest: fullestOf(space, now),
  }));
}

function perOf(control: Control | undefined): readonly string[] {
  if (control === undefined) return [];
  if (control.kind === 'flow') return ['run'];
  return 'per' in control ? control.per.map((part) => partWords(part)) : [];
}

function partWords(part: KeyPart): string {
  switch (part.by) {
    case 'user':
    case 'agent':
    case 'workload':
    case 'team':
    case 'tenant':
      return `principal.${part.by}`;
    case 'argument':
      return `argument ${part.pointer}`;
    case 'run':
    case 'server':
    case 'tool':
    case 'environment':
    case 'arguments':
      return part.by;
  }
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
