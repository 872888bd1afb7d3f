import type { JsonValue } from '@callgate/canonical';

import type { ValueSchema } from '../document/types.ts';
import { acceptedTypes } from '../envelope/value-types.ts';

const NUMERIC = /^\s*-?[0-9]{1,15}(?:\.[0-9]{1,15})?\s*$/u;

/** Numbers to try for a schema, nearest to `value` first. A text that is a plain number counts as that number. */
export function nearestNumber(schema: ValueSchema, value: JsonValue | undefined): readonly number[] {
  const wanted = numberOf(value) ?? schema.minimum ?? schema.exclusiveMinimum ?? 0;
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  const step = schema.multipleOf ?? 1;
  const anchors = [wanted, low, high, low !== undefined && high !== undefined ? low + (high - low) / 2 : undefined];
  const around = anchors
    .filter((anchor): anchor is number => anchor !== undefined)
    .flatMap((anchor) => [anchor, anchor + step, anchor - step].concat(onSteps(anchor, step)));
  const types = acceptedTypes(schema) ?? [];
  const numbers = types.includes('number') ? around : around.map((number) => Math.round(number));
  return [...new Set(numbers)]
    .filter((number) => Number.isFinite(number))
    .toSorted((left, right) => Math.abs(left - wanted) - Math.abs(right - wanted) || left - right);
}

/** Multiples of `step` around `anchor`, without the noise of binary fractions. */
function onSteps(anchor: number, step: number): readonly number[] {
  const count = Math.round(anchor / step);
  return [count - 1, count, count + 1].map((multiple) => Number((multiple * step).toPrecision(15)));
}

function numberOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMERIC.test(value) ? Number(value) : undefined;
}
