import type { ValueSchema } from '../document/types.ts';
import { memberOf } from './equality.ts';
import type { Rule } from './rule.ts';
import { shapeOf } from './shape.ts';

/** The rules of the keywords that apply to values of every type. */
export function generalRules(schema: ValueSchema): Rule[] {
  const rules: Rule[] = [];
  if (schema.enum !== undefined)
    rules.push({ code: 'enum', test: memberOf(schema.enum), got: (value) => `${shapeOf(value)} that is not listed` });
  if (schema.const !== undefined)
    rules.push({ code: 'const', test: memberOf([schema.const]), got: (value) => `${shapeOf(value)} that differs` });
  return rules;
}
