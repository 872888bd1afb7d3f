import type { ValueSchema } from '../document/types.ts';
import { isMultipleOf } from './decimal.ts';
import type { Rule } from './rule.ts';

/** The rules of a schema's number keywords. */
export function numberRules(schema: ValueSchema): Rule<number>[] {
  const rules: Rule<number>[] = [];
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (minimum !== undefined) rules.push({ code: 'minimum', test: (value) => value >= minimum, got: below });
  if (maximum !== undefined) rules.push({ code: 'maximum', test: (value) => value <= maximum, got: above });
  if (exclusiveMinimum !== undefined) {
    rules.push({ code: 'exclusiveMinimum', test: (value) => value > exclusiveMinimum, got: below });
  }
  if (exclusiveMaximum !== undefined) {
    rules.push({ code: 'exclusiveMaximum', test: (value) => value < exclusiveMaximum, got: above });
  }
  if (multipleOf !== undefined) {
    rules.push({
      code: 'multipleOf',
      test: (value) => isMultipleOf(value, multipleOf),
      got: () => 'a number between the steps',
    });
  }
  return rules;
}

function below(): string {
  return 'a number that is too small';
}

function above(): string {
  return 'a number that is too large';
}
