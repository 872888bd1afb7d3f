import type { JsonValue } from '@callgate/canonical';

import { areNamesWithin, freshText, instanceOf, isNamePatternWithin } from '../compare/name-patterns.ts';
import { proveUrisWithin, urisOf } from '../compare/uri-patterns.ts';
import type { Permission } from '../document/types.ts';
import type { UriSet } from '../match/resource-uri.ts';
import { wordsOf } from './entry-changes.ts';
import { isSameValue } from './same-value.ts';
import type { CountedChange } from './make-item.ts';

type Words = Pick<CountedChange, 'before' | 'after'>;

/** The two values of a setting in words; a value that is left out stands for its default. */
export function settingWords(before: JsonValue | undefined, after: JsonValue | undefined): Words {
  return { before: wordsOf(before), after: wordsOf(after) };
}

const STRENGTH: Readonly<Record<Permission, number>> = { allow: 0, hold: 1, deny: 2 };

/** Whether one permission lets pass no more than another. */
export function isAsStrict(stricter: Permission, than: Permission): boolean {
  return STRENGTH[stricter] >= STRENGTH[than];
}

/** A setting that counts by itself where no call can show it. */
export function settingChange(
  key: string,
  direction: CountedChange['direction'],
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  counts: boolean,
  example?: string,
): readonly CountedChange[] {
  if (isSameValue(before, after)) return [];
  return [{ key, direction, ...settingWords(before, after), counts, ...(example === undefined ? {} : { example }) }];
}

/** A list of names that may leave, or be seen, with `*` for any run. Exact. */
export function namesChange(
  key: string,
  before: readonly string[],
  after: readonly string[],
): readonly CountedChange[] {
  const wider = after.find((pattern) => !isNamePatternWithin(pattern, before));
  const isAround = areNamesWithin(before, after);
  const example = wider === undefined ? undefined : instanceOf(wider, freshText([...before, ...after]));
  return listChange(key, before, after, { isInside: wider === undefined, isAround, example, lost: !isAround });
}

/** URIs of the one list that are not in the other, by example. */
function uriBeside(inner: UriSet | undefined, outer: UriSet | undefined): string | undefined {
  const fresh = freshText([...(inner?.patterns ?? []), ...(outer?.patterns ?? [])]);
  return (inner?.patterns ?? [])
    .flatMap((pattern) => urisOf(pattern, fresh))
    .find((uri) => inner?.match(uri) !== undefined && outer?.match(uri) === undefined);
}

/** A list of URI patterns; undefined where there is none. */
export function urisChange(
  key: string,
  before: UriSet | undefined,
  after: UriSet | undefined,
): readonly CountedChange[] {
  const isInside = proveUrisWithin(after?.patterns, before?.patterns);
  const isAround = proveUrisWithin(before?.patterns, after?.patterns);
  const example = uriBeside(after, before);
  const lost = uriBeside(before, after) !== undefined;
  return listChange(key, before?.patterns, after?.patterns, { isInside, isAround, example, lost });
}

interface ListComparison {
  /** Proved: what is listed now was listed before. */
  readonly isInside: boolean;
  /** Proved: what was listed is listed now. */
  readonly isAround: boolean;
  /** Something that is newly listed. */
  readonly example: string | undefined;
  /** Whether something is known that is no longer listed. */
  readonly lost: boolean;
}

function listChange(
  key: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  { isInside, isAround, example, lost }: ListComparison,
): readonly CountedChange[] {
  const narrows = isAround ? 'no' : lost ? 'yes' : 'unknown';
  const widened = example === undefined ? 'unknown' : 'widened';
  const direction = isInside ? (isAround ? 'changed' : 'narrowed') : widened;
  return settingChange(key, direction, before, after, true, example).map((change) =>
    Object.assign(change, { narrows }),
  );
}
