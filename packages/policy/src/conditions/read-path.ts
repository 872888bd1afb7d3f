import { isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { ConditionInput } from './condition.ts';

/** The value at a path of the input; undefined where there is none. A `now` is its milliseconds. */
export function readPath(input: ConditionInput, [variable, ...names]: readonly string[]): JsonValue | undefined {
  let value = variableOf(input, variable);
  for (const name of names) value = isJsonObject(value) ? own(value, name) : undefined;
  return value;
}

function variableOf(input: ConditionInput, name: string | undefined): JsonValue | undefined {
  switch (name) {
    case 'arguments':
      return input.arguments;
    case 'now':
      return input.now;
    case 'call':
      return { method: input.method, direction: input.direction };
    case 'run':
      return input.run === undefined ? {} : { id: input.run };
    case 'principal':
      return { ...input.principal };
    case 'server':
      return { ...input.server };
    case 'tool':
      return input.tool === undefined ? undefined : { ...input.tool };
    default:
      return undefined;
  }
}
