import { canonicalize, type JsonValue } from '@callgate/canonical';

/** Whether two values are the same JSON, whatever the order of their keys; undefined is only itself. */
export function isSameValue(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return canonicalize(a) === canonicalize(b);
}
