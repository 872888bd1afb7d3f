import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { ObjectSpace, ValueSpace } from '@callgate/policy';

import type { Random } from '../random.ts';
import type { Place } from './value-edits.ts';

const MAX_DEPTH = 4;

/** An object that passes, made member by member; undefined where none was found. */
export function makeObject(space: ObjectSpace, random: Random, depth = 0): JsonObject | undefined {
  const members: [string, JsonValue][] = [];
  for (const { name, isRequired, value } of space.properties) {
    if (!isRequired && random.oneIn(2)) continue;
    const made = makeValue(value, random, depth + 1);
    if (made !== undefined) members.push([name, made]);
    else if (isRequired) return undefined;
  }
  if (space.additional !== undefined && random.oneIn(4)) {
    const made = makeValue(space.additional, random, depth + 1);
    if (made !== undefined) members.push([`x${random.below(10)}`, made]);
  }
  const object = Object.fromEntries(members);
  return space.accepts(object) ? object : space.smallest;
}

/** A value that passes: one of the samples, or one made of its parts; undefined where none was found. */
function makeValue(space: ValueSpace, random: Random, depth = 0): JsonValue | undefined {
  const sample = random.pick(space.samples);
  if (depth >= MAX_DEPTH || random.oneIn(2)) return sample;
  const made =
    isJsonObject(sample) && space.members !== undefined
      ? makeObject(space.members, random, depth)
      : isJsonArray(sample) && space.items !== undefined
        ? makeList(sample, space.items, random, depth)
        : sample;
  return made !== undefined && space.accepts(made) ? made : sample;
}

/** A list of the length of a passing one, with other items. */
function makeList(list: readonly JsonValue[], items: ValueSpace, random: Random, depth: number): JsonValue {
  return list.map((item) => makeValue(items, random, depth + 1) ?? item);
}

/** The space of what is at a place of arguments; undefined where nothing is said of it. */
export function spaceAt(space: ObjectSpace, place: Place): ValueSpace | undefined {
  let members: ObjectSpace | undefined = space;
  let current: ValueSpace | undefined;
  for (const key of place) {
    current = typeof key === 'number' ? current?.items : memberSpace(members, key);
    members = current?.members;
  }
  return current;
}

function memberSpace(space: ObjectSpace | undefined, name: string): ValueSpace | undefined {
  return space?.properties.find((property) => property.name === name)?.value ?? space?.additional;
}
