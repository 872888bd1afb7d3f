import type { JsonValue } from '@callgate/canonical';

import { areNamesWithin, freshText, instanceOf, isNamePatternWithin } from '../compare/name-patterns.ts';
import { proveUrisWithin } from '../compare/uri-patterns.ts';
import type { Permission } from '../document/types.ts';
import { byContainment, wordsOf } from './entry-changes.ts';
import { isSameValue } from './entry-strictness.ts';
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

/** A list of names that may leave, or be seen, with `*` for any run. */
export function namesChange(
  key: string,
  before: readonly string[],
  after: readonly string[],
): readonly CountedChange[] {
  const direction = byContainment(areNamesWithin(after, before), areNamesWithin(before, after));
  const wider = after.find((pattern) => !isNamePatternWithin(pattern, before));
  const example = wider === undefined ? undefined : instanceOf(wider, freshText([...before, ...after]));
  return settingChange(key, wider === undefined ? direction : 'widened', before, after, true, example);
}

/** A list of URI patterns; undefined where there is none. */
export function urisChange(
  key: string,
  before: readonly string[] | undefined,
  after: readonly string[] | undefined,
  example: string | undefined,
): readonly CountedChange[] {
  const direction = byContainment(proveUrisWithin(after, before), proveUrisWithin(before, after));
  return settingChange(key, example === undefined ? direction : 'widened', before, after, true, example);
}
