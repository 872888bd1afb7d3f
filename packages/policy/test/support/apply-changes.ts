import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { Call, CallChange } from '../../src/index.ts';

/** The call and its time with the changes made, by the words of `CallChange` alone. */
export function applyChanges(
  call: Call,
  now: number | undefined,
  changes: readonly CallChange[],
): { readonly call: Call; readonly now: number | undefined } {
  const result = structuredClone({ ...call, now }) as unknown as Record<string, JsonValue>;
  const params = (result['params'] ?? {}) as Record<string, JsonValue>;
  for (const { path, value } of changes) {
    const [first = '', ...names] = path;
    if (first === 'arguments') params['arguments'] = setAt(params['arguments'], names, value) ?? {};
    else if (first === 'params') result['params'] = setAt(result['params'], names, value) ?? {};
    else if (first === 'tool' || first === 'prompt') params['name'] = value as JsonValue;
    else {
      const changed = setAt(result[first], names, value);
      if (changed === undefined) delete result[first];
      else result[first] = changed;
    }
  }
  const { now: time, ...rest } = result;
  return { call: rest as unknown as Call, now: time as number | undefined };
}

function setAt(
  value: JsonValue | undefined,
  [name, ...rest]: readonly string[],
  to: JsonValue | undefined,
): JsonValue | undefined {
  if (name === undefined) return to;
  const object: JsonObject =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  const inner = setAt(Object.hasOwn(object, name) ? object[name] : undefined, rest, to);
  const others = Object.entries(object).filter(([key]) => key !== name);
  return Object.fromEntries(inner === undefined ? others : [...others, [name, inner]]);
}

/** The proper parts of a list, the empty one among them. */
export function properParts<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const all = items.reduce<readonly (readonly Item[])[]>(
    (parts, item) => parts.flatMap((part) => [part, [...part, item]]),
    [[]],
  );
  return all.filter((part) => part.length < items.length);
}
