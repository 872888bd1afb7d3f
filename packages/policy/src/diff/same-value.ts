import { canonicalize, type JsonValue } from '@callgate/canonical';

/** Whether two values of documents are the same; undefined: there is none. */
export function isSameValue(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalize(one) === canonicalize(other);
}
