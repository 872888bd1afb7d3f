import { appendPointer, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { compareText } from '../internal/compare-text.ts';
import { isSameValue } from './same-value.ts';

/** A member that is not the same in two objects. */
export interface MemberChange {
  readonly name: string;
  readonly pointer: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** The members in which two objects differ, by name. */
export function changedMembers(before: JsonObject, after: JsonObject, pointer: string): readonly MemberChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .toSorted(compareText)
    .map((name) => ({
      name,
      pointer: appendPointer(pointer, name),
      before: own(before, name),
      after: own(after, name),
    }))
    .filter((change) => !isSameValue(change.before, change.after));
}

/** Both as objects, where they are; an absent one is empty. Undefined where one is something else. */
export function asObjects(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly [JsonObject, JsonObject] | undefined {
  const [first, second] = [before ?? {}, after ?? {}];
  if (before === null || after === null || !isJsonObject(first) || !isJsonObject(second)) return undefined;
  return [first, second];
}
