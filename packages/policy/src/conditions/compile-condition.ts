import type { Condition, ConditionTypes } from './condition.ts';

/** What is wrong with a condition. */
export interface ConditionIssue {
  readonly expected: string;
  readonly got: string;
  readonly message: string;
  readonly nearest?: string;
}

/** A condition, or why there is none. */
export type CompiledCondition =
  | { readonly condition: Condition }
  | { readonly condition: undefined; readonly issues: readonly ConditionIssue[] };

/** Compiles a condition. */
export function compileCondition(_source: string, _types: ConditionTypes): CompiledCondition {
  const issue = { expected: '`true`', got: 'a condition', message: 'conditions are not available yet' };
  return { condition: undefined, issues: [issue] };
}
