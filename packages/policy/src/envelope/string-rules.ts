import type { ValueSchema } from '../document/types.ts';
import { compilePattern } from './pattern.ts';
import type { Rule } from './rule.ts';
import { codePoints, shapeOf } from './shape.ts';

/**
 * The rules of a schema's string keywords.
 *
 * @throws {Error} when the pattern does not compile
 */
export function stringRules(schema: ValueSchema): Rule<string>[] {
  const rules: Rule<string>[] = [];
  const { minLength, maxLength, pattern } = schema;
  if (minLength !== undefined) {
    rules.push({
      code: 'minLength',
      test: (value) => value.length >= minLength && codePoints(value) >= minLength,
      got: shapeOf,
    });
  }
  if (maxLength !== undefined) {
    rules.push({
      code: 'maxLength',
      test: (value) => value.length <= maxLength || codePoints(value) <= maxLength,
      got: shapeOf,
    });
  }
  if (pattern !== undefined) {
    const test = compilePattern(pattern);
    rules.push({ code: 'pattern', test, got: (value) => `${shapeOf(value)} that does not match` });
  }
  return rules;
}
