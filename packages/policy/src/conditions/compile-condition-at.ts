import type { CompileContext } from '../envelope/compile-value.ts';
import { compileCondition } from './compile-condition.ts';
import type { Condition, ConditionTypes } from './condition.ts';

/** Compiles a condition that stands at `pointer`. Undefined where it does not compile, which is then an issue. */
export function compileConditionAt(
  source: string,
  pointer: string,
  types: ConditionTypes,
  context: CompileContext,
): Condition | undefined {
  const result = compileCondition(source, types, context.slots);
  if (result.condition === undefined) {
    for (const issue of result.issues) {
      const nearest = issue.nearest === undefined ? {} : { nearest: issue.nearest };
      const within = { value: source, offset: issue.offset };
      const message = `at ${issue.line}:${issue.column} of the condition: ${issue.message}`;
      context.issues.add(pointer, issue.expected, issue.got, { message, within, ...nearest });
    }
  }
  return result.condition;
}
