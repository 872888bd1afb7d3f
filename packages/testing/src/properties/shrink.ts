import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Principal, ToolCall, ToolSpace } from '@callgate/policy';

import { spaceAt } from '../calls/make-values.ts';
import { placesIn, valueAt, withValueAt } from '../calls/value-edits.ts';

const MAX_TRIES = 4000;

/** A call that could not be made smaller, and in how many steps it was. */
export interface ShrunkCall {
  readonly call: ToolCall;
  readonly steps: number;
}

/**
 * Makes a call smaller as long as it stays what it is: without principal, run and time, with fewer and plainer arguments. At most 4,000
 * calls are tried.
 */
export function shrinkCall(call: ToolCall, space: ToolSpace, isSame: (call: ToolCall) => boolean): ShrunkCall {
  let smallest = call;
  let [steps, tries] = [0, 0];
  for (let isSmaller = true; isSmaller && tries < MAX_TRIES;) {
    isSmaller = false;
    for (const candidate of smallerCalls(smallest, space)) {
      if (!isBelow(candidate, smallest)) continue;
      tries += 1;
      if (tries >= MAX_TRIES) break;
      if (!isSame(candidate)) continue;
      smallest = candidate;
      steps += 1;
      isSmaller = true;
      break;
    }
  }
  return { call: smallest, steps };
}

/** Smaller is shorter; of the same length, with smaller numbers, then earlier in order: so that shrinking comes to an end. */
function isBelow(one: ToolCall, other: ToolCall): boolean {
  const [left, right] = [weightOf(one), weightOf(other)];
  if (left.length !== right.length) return left.length < right.length;
  if (left.sum !== right.sum) return left.sum < right.sum;
  return left.text < right.text;
}

function weightOf({ arguments: args, principal, run, now }: ToolCall): {
  readonly text: string;
  readonly length: number;
  readonly sum: number;
} {
  const text = JSON.stringify([args, principal, run ?? null, now === undefined ? null : `${now}`]);
  return { text, length: text.length, sum: sumOf(args) };
}

function sumOf(value: JsonValue): number {
  if (typeof value === 'number') return Math.abs(value);
  if (value === null || typeof value !== 'object') return 0;
  return Object.values(value).reduce<number>((sum, item: JsonValue) => sum + sumOf(item), 0);
}

function* smallerCalls(call: ToolCall, space: ToolSpace): Generator<ToolCall> {
  const { arguments: args, principal } = call;
  yield { ...call, arguments: {} };
  yield { ...call, arguments: space.base };
  yield { ...call, principal: {}, run: undefined, now: undefined };
  yield { ...call, principal: {} };
  yield { ...call, run: undefined };
  yield { ...call, now: undefined };
  for (const smaller of smallerPrincipals(principal)) yield { ...call, principal: smaller };
  const places = placesIn(args);
  for (const place of places) yield { ...call, arguments: withValueAt(args, place, undefined) as JsonObject };
  for (const place of places) {
    const value = valueAt(args, place);
    if (value === undefined) continue;
    const samples = space.arguments.flatMap((objects) => spaceAt(objects, place)?.samples ?? []);
    for (const smaller of [...smallerValues(value), ...samples]) {
      yield { ...call, arguments: withValueAt(args, place, smaller) as JsonObject };
    }
  }
}

function* smallerPrincipals(principal: Principal): Generator<Principal> {
  for (const key of Object.keys(principal)) {
    yield Object.fromEntries(Object.entries(principal).filter(([name]) => name !== key));
  }
  for (const role of principal.roles ?? []) {
    yield { ...principal, roles: (principal.roles ?? []).filter((other) => other !== role) };
  }
}

function smallerValues(value: JsonValue): readonly JsonValue[] {
  if (typeof value === 'number') return smallerNumbers(value);
  if (typeof value === 'string') return smallerTexts(value);
  if (value === null || typeof value === 'boolean') return [];
  return [isJsonArray(value) ? [] : {}, ...(isJsonObject(value) || value.length > 64 ? [0] : value), 0];
}

/** Zero, then half the way again and again, down to one less. */
function smallerNumbers(value: number): readonly number[] {
  const numbers = [0, Math.trunc(value)];
  for (let step = Math.trunc(value / 2); step !== 0; step = Math.trunc(step / 2))
    numbers.push(Math.trunc(value) - step);
  return [...numbers, value - Math.sign(value)].map((number) => (number === 0 ? 0 : number));
}

const MAX_DROPPED = 64;

function smallerTexts(value: string): readonly string[] {
  const characters = Array.from(value);
  const half = Math.ceil(characters.length / 2);
  const dropped = characters
    .slice(0, MAX_DROPPED)
    .map((_, index) => [...characters.slice(0, index), ...characters.slice(index + 1)].join(''));
  return ['', 'a', characters.slice(0, half).join(''), characters.slice(half).join(''), ...dropped];
}
