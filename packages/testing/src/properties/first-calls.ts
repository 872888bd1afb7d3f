import type { JsonObject, JsonValue } from '@callgate/canonical';
import type { ToolCall, ToolSpace, ValueSpace } from '@callgate/policy';

import { WILDCARDS } from '../calls/strange-values.ts';
import { withMember, withoutMember } from '../calls/value-edits.ts';
import type { Property } from './property.ts';

const MAX_SEEDS = 3;
const MAX_VALUES = 24;

/** Calls to begin with, most telling first: what the conditions ask for, then every argument in each of its ways, then everybody. */
export function* firstCalls(
  space: ToolSpace,
  property: Property,
  constants: readonly JsonValue[],
  examples: readonly JsonObject[],
): Generator<ToolCall> {
  const seeds = seedCalls(space, [space.base, ...examples]);
  for (const seed of seeds) {
    yield seed;
    yield* towards(seed, space, property);
  }
  const [seed] = seeds;
  if (seed === undefined) return;
  for (const args of variedArguments(space, constants)) yield { ...seed, arguments: args };
  for (const principal of space.principals) {
    for (const now of space.times) {
      const call = { ...seed, principal, now };
      yield call;
      yield* property.near(call);
    }
  }
}

/** The plainest calls of a tool: by whom it is open to, first. */
function seedCalls({ server, tool, principals, times }: ToolSpace, all: readonly JsonObject[]): readonly ToolCall[] {
  const [now] = times;
  return all.flatMap((args) =>
    principals
      .slice(0, MAX_SEEDS)
      .map((principal): ToolCall => ({ server, tool, arguments: args, principal, run: undefined, now })),
  );
}

/** Calls that the property means, and then that the rules judge otherwise; and the other way round. */
function* towards(seed: ToolCall, space: ToolSpace, property: Property): Generator<ToolCall> {
  const [meant, ruled] = [property.near(seed), space.near(seed)];
  yield* meant;
  yield* ruled;
  for (const call of meant.slice(0, MAX_SEEDS)) yield* space.near(call);
  for (const call of ruled.slice(0, MAX_SEEDS)) yield* property.near(call);
}

/** Arguments with one member changed: the first values of every member, then the second ones, so that none waits for another. */
function* variedArguments(
  { arguments: spaces, base }: ToolSpace,
  constants: readonly JsonValue[],
): Generator<JsonObject> {
  if (spaces.length === 0) for (const value of constants) yield { value };
  for (const { properties, smallest = base } of spaces) {
    if (smallest !== base) yield smallest;
    for (const { name } of properties) if (Object.hasOwn(smallest, name)) yield withoutMember(smallest, name);
    const lists = properties.map(({ name, value }) => ({ name, items: telling(value, constants) }));
    const longest = Math.max(0, ...lists.map(({ items }) => items.length));
    for (let index = 0; index < longest; index += 1) {
      for (const { name, items } of lists) {
        const item = items[index];
        if (item !== undefined) yield withMember(smallest, name, item);
      }
    }
  }
}

function telling({ samples, probes }: ValueSpace, constants: readonly JsonValue[]): readonly JsonValue[] {
  return [
    ...samples.slice(0, 2),
    ...constants,
    ...samples.slice(2, MAX_VALUES),
    ...probes.slice(0, MAX_VALUES),
    ...WILDCARDS,
  ];
}
