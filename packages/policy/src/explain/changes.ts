import { canonicalize, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { withMember, withoutMember } from '../compare/object-members.ts';
import { factsOf, withFacts, type Situation } from './situation.ts';

/** One value to change: the smallest piece that a way to pass is made of. */
export interface PlacedChange {
  /** The names on the way to it: `['arguments', 'limit']`, `['principal', 'roles']`, `['now']`. */
  readonly path: readonly string[];
  readonly from: JsonValue | undefined;
  /** Undefined: leave it out. */
  readonly to: JsonValue | undefined;
}

/** Objects that stand for nothing where they are empty. */
const CONTAINERS: ReadonlySet<string> = new Set(['arguments', 'params', 'principal']);

/** What differs between two situations, piece by piece. Lists are one piece. */
export function changesBetween(from: Situation, to: Situation): readonly PlacedChange[] {
  return differences(factsOf(from), factsOf(to), []);
}

function differences(
  from: JsonValue | undefined,
  to: JsonValue | undefined,
  path: readonly string[],
): readonly PlacedChange[] {
  const isContainer = path.length === 1 && CONTAINERS.has(path[0] ?? '');
  const [left, right] = [from ?? (isContainer ? {} : undefined), to ?? (isContainer ? {} : undefined)];
  if (isJsonObject(left) && isJsonObject(right) && path[0] !== 'identity') {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].toSorted().flatMap((name) => differences(own(left, name), own(right, name), [...path, name]));
  }
  return isSame(left, right) ? [] : [{ path, from, to }];
}

function isSame(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left === right || canonicalize(left) === canonicalize(right);
}

/** The situation with the changes made, and nothing else. */
export function withChanges(situation: Situation, changes: readonly PlacedChange[]): Situation {
  return withFacts(
    situation,
    changes.reduce((facts, { path, to }) => setAt(facts, path, to), factsOf(situation)),
  );
}

function setAt(object: JsonObject, [name, ...rest]: readonly string[], value: JsonValue | undefined): JsonObject {
  if (name === undefined) return object;
  if (rest.length === 0) return value === undefined ? withoutMember(object, name) : withMember(object, name, value);
  const inner = own(object, name);
  return withMember(object, name, setAt(isJsonObject(inner) ? inner : {}, rest, value));
}
