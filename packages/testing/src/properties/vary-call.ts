import { parsePointer, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { ObjectSpace, ToolCall, ToolSpace } from '@callgate/policy';

import { BROKEN_VARIANTS, breakArguments } from '../calls/break-arguments.ts';
import { makeObject, spaceAt } from '../calls/make-values.ts';
import { placesIn, valueAt, withMember, withoutMember, withValueAt, type Place } from '../calls/value-edits.ts';
import type { Random } from '../random.ts';
import type { JudgedCall } from './property.ts';

/** A call made from nothing. */
export function freshCall(space: ToolSpace, random: Random): ToolCall {
  const objects = random.pick(space.arguments);
  return {
    server: space.server,
    tool: space.tool,
    arguments: (objects === undefined ? undefined : makeObject(objects, random)) ?? space.base,
    principal: random.pick(space.principals) ?? {},
    run: random.oneIn(4) ? 'run-1' : undefined,
    now: random.pick(space.times),
  };
}

/** The call with one thing changed. */
export function variedCall(
  call: ToolCall,
  space: ToolSpace,
  constants: readonly JsonValue[],
  random: Random,
): ToolCall {
  const choice = random.below(12);
  if (choice === 0) return { ...call, principal: random.pick(space.principals) ?? {} };
  if (choice === 1) return { ...call, now: random.pick(space.times) };
  // looking for what the rules judge otherwise costs much more than trying it
  if (choice === 2 && random.oneIn(4)) return random.pick(space.near(call)) ?? call;
  const objects = random.pick(space.arguments);
  if (objects === undefined) return { ...call, arguments: withConstant(call.arguments, constants, random) };
  return { ...call, arguments: variedArguments(call.arguments, objects, constants, random, choice) };
}

function variedArguments(
  args: JsonObject,
  objects: ObjectSpace,
  constants: readonly JsonValue[],
  random: Random,
  choice: number,
): JsonObject {
  if (choice === 3) return breakArguments(args, objects, random.pick(BROKEN_VARIANTS) ?? 'boundary', random) ?? args;
  if (choice === 4) return withConstant(args, constants, random);
  if (choice === 5) return { ...args, ...makeObject(objects, random) };
  const property = random.pick(objects.properties);
  if (property !== undefined && choice < 9) {
    if (!property.isRequired && random.oneIn(3)) return withoutMember(args, property.name);
    const value = random.pick(random.oneIn(4) ? property.value.probes : property.value.samples);
    return value === undefined ? args : withMember(args, property.name, value);
  }
  const place = random.pick(placesIn(args));
  const value = place === undefined ? undefined : random.pick(spaceAt(objects, place)?.samples ?? constants);
  return place === undefined || value === undefined ? args : asObject(withValueAt(args, place, value));
}

function withConstant(args: JsonObject, constants: readonly JsonValue[], random: Random): JsonObject {
  const value = random.pick(constants);
  const place = random.pick(placesIn(args));
  if (value === undefined) return args;
  return place === undefined ? withMember(args, 'value', value) : asObject(withValueAt(args, place, value));
}

/** A call changed where the policy finds fault with it, to one that it may judge otherwise. */
export function repairedCall({ call, decision }: JudgedCall, space: ToolSpace, random: Random): ToolCall {
  const violation = random.pick(decision.violations);
  const objects = random.pick(space.arguments);
  if (violation === undefined || violation.code.startsWith('rule')) {
    const near = random.oneIn(8) ? random.pick(space.near(call)) : undefined;
    return near ?? { ...call, now: random.pick(space.times) };
  }
  const place = placeOf(call.arguments, violation.pointer);
  if (place === undefined || objects === undefined) {
    return { ...call, principal: random.pick(space.principals) ?? {} };
  }
  const value = random.pick(spaceAt(objects, place)?.samples ?? []);
  return { ...call, arguments: asObject(withValueAt(call.arguments, place, value)) };
}

/** The place that a pointer names; undefined: the whole. */
function placeOf(args: JsonObject, pointer: string): Place | undefined {
  const place: (string | number)[] = [];
  for (const token of parsePointer(pointer)) {
    place.push(Array.isArray(valueAt(args, place)) ? Number(token) : token);
  }
  return place.length === 0 ? undefined : place;
}

function asObject(value: JsonValue): JsonObject {
  return value as JsonObject;
}
