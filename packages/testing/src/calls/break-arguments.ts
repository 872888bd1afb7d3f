import type { JsonObject, JsonValue } from '@callgate/canonical';
import type { ObjectSpace } from '@callgate/policy';

import type { Random } from '../random.ts';
import { spaceAt } from './make-values.ts';
import {
  disguisesOf,
  hugeOf,
  lookAlikeOf,
  OTHER_TYPES,
  PROTOTYPE_KEYS,
  WILDCARDS,
  type CallVariant,
} from './strange-values.ts';
import { placesIn, valueAt, withMember, withoutMember, withValueAt, type Place } from './value-edits.ts';

type Break = (args: JsonObject, space: ObjectSpace, random: Random) => JsonObject | undefined;

/** Every way to make arguments almost as they should be: each changes one place. Undefined: there is no place for it. */
const BREAKS: Readonly<Record<Exclude<CallVariant, 'valid'>, Break>> = {
  boundary: (args, space, random) =>
    changed(args, random, (_, place) => random.pick(spaceAt(space, place)?.probes ?? [])),
  'wrong-type': (args, _, random) =>
    changed(args, random, (value) => random.pick(OTHER_TYPES.filter((other) => typeOf(other) !== typeOf(value)))),
  disguised: (args, _, random) => changed(args, random, (value) => random.pick(disguisesOf(value))),
  missing: (args, space, random) => {
    const required = space.properties.filter(({ name, isRequired }) => isRequired && Object.hasOwn(args, name));
    const property = random.pick(required);
    return property === undefined ? undefined : withoutMember(args, property.name);
  },
  extra: (args, _, random) => withMember(args, `extra${random.below(10)}`, random.pick(OTHER_TYPES) ?? null),
  'prototype-key': (args, _, random) =>
    withMember(args, random.pick(PROTOTYPE_KEYS) ?? '__proto__', random.pick([true, {}, 'x'] as const) ?? true),
  'look-alike': (args, _, random) =>
    changed(args, random, (value) => (typeof value === 'string' ? lookAlikeOf(value, random) : undefined)),
  huge: (args, _, random) => changed(args, random, (value) => random.pick(hugeOf(value))),
  wildcard: (args, _, random) =>
    changed(args, random, (value) => (typeof value === 'string' ? random.pick(WILDCARDS) : undefined)),
};

/** The ways in which made arguments are wrong. */
export const BROKEN_VARIANTS: readonly Exclude<CallVariant, 'valid'>[] = Object.freeze(
  Object.keys(BREAKS) as Exclude<CallVariant, 'valid'>[],
);

/** Arguments with one thing wrong in the given way; undefined where they have no place for it. */
export function breakArguments(
  args: JsonObject,
  space: ObjectSpace,
  variant: Exclude<CallVariant, 'valid'>,
  random: Random,
): JsonObject | undefined {
  return BREAKS[variant](args, space, random);
}

const TRIES = 4;

/** The arguments with the value of one place replaced, where a place is found that has a replacement. */
function changed(
  args: JsonObject,
  random: Random,
  replace: (value: JsonValue, place: Place) => JsonValue | undefined,
): JsonObject | undefined {
  const places = placesIn(args);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const place = random.pick(places);
    const value = place === undefined ? undefined : valueAt(args, place);
    if (place === undefined || value === undefined) return undefined;
    const other = replace(value, place);
    if (other !== undefined) return withValueAt(args, place, other) as JsonObject;
  }
  return undefined;
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
