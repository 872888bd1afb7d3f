import type { JsonValue } from '@callgate/canonical';

import type { ValueSchema } from '../document/types.ts';
import { areDistinct } from './equality.ts';
import type { Rule } from './rule.ts';
import { shapeOf } from './shape.ts';

/** The rules of a schema's array keywords other than `items`. */
export function arrayRules(schema: ValueSchema): Rule<readonly JsonValue[]>[] {
  const rules: Rule<readonly JsonValue[]>[] = [];
  const { minItems, maxItems, uniqueItems } = schema;
  if (minItems !== undefined) rules.push({ code: 'minItems', test: (value) => value.length >= minItems, got: shapeOf });
  if (maxItems !== undefined) rules.push({ code: 'maxItems', test: (value) => value.length <= maxItems, got: shapeOf });
  if (uniqueItems === true) {
    // an array that is too long already fails; it is not worth comparing
    const most = maxItems ?? Number.POSITIVE_INFINITY;
    rules.push({
      code: 'uniqueItems',
      test: (value) => value.length > most || areDistinct(value),
      got: () => 'an array with repeated items',
    });
  }
  return rules;
}
