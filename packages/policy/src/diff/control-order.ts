import type { ChangeDirection } from './policy-diff.ts';

/** Of something of which more is wider. Undefined: there is no bound. */
export function byBound(before: number | undefined, after: number | undefined): ChangeDirection {
  const [one, other] = [before ?? Infinity, after ?? Infinity];
  if (one === other) return 'changed';
  return other > one ? 'widened' : 'narrowed';
}

/** The other way round: of something of which more is narrower. */
export function byReach(before: number | undefined, after: number | undefined): ChangeDirection {
  return byBound(after, before);
}

/** Of a list of which more items are wider. */
export function byItems(before: readonly string[] = [], after: readonly string[] = []): ChangeDirection {
  const [isInside, isAround] = [
    after.every((item) => before.includes(item)),
    before.every((item) => after.includes(item)),
  ];
  if (isInside) return isAround ? 'changed' : 'narrowed';
  return isAround ? 'widened' : 'unknown';
}

/** The other way round. */
export function byRequired(before: readonly string[] = [], after: readonly string[] = []): ChangeDirection {
  return byItems(after, before);
}

/** Several directions as one: where they go both ways, nothing is known. */
export function together(directions: readonly ChangeDirection[]): ChangeDirection {
  const distinct = new Set(directions.filter((direction) => direction !== 'changed'));
  if (distinct.size === 0) return 'changed';
  return distinct.size === 1 ? ([...distinct][0] ?? 'unknown') : 'unknown';
}
