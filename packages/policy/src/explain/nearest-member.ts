import type { JsonValue } from '@callgate/canonical';

import { editDistance } from '../internal/nearest-name.ts';

const MAX_COMPARED = 1000;
const MAX_LENGTH = 64;

/** The member of an enum nearest to `value`: texts by edit distance, numbers by difference, otherwise the first member. */
export function nearestMember(members: readonly JsonValue[], value: JsonValue | undefined): JsonValue {
  let best = members[0] ?? null;
  let bestDistance = distance(best, value);
  for (const member of members.slice(0, MAX_COMPARED)) {
    const current = distance(member, value);
    if (current < bestDistance) {
      best = member;
      bestDistance = current;
    }
  }
  return best;
}

function distance(member: JsonValue, value: JsonValue | undefined): number {
  if (typeof member === 'number' && typeof value === 'number') return Math.abs(member - value);
  if (typeof member !== 'string' || typeof value !== 'string') return Number.POSITIVE_INFINITY;
  if (member.length > MAX_LENGTH || value.length > MAX_LENGTH) return Number.POSITIVE_INFINITY;
  return editDistance(member.toLowerCase(), value.toLowerCase());
}
