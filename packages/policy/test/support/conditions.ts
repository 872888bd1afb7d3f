import type { JsonObject, JsonValue } from '@callgate/canonical';

import { compileCondition } from '../../src/conditions/compile-condition.ts';
import type { ConditionIssue } from '../../src/conditions/condition-issue.ts';
import type { Condition, ConditionError, ConditionInput } from '../../src/conditions/condition.ts';

/** Wednesday, 2026-11-25T10:00:00Z: 11:00 in Madrid, 05:00 in New York. */
export const NOW: number = Date.UTC(2026, 10, 25, 10);

/** A tool call by somebody, with the given arguments. */
export function inputOf(args: JsonObject = {}, more: Partial<ConditionInput> = {}): ConditionInput {
  return {
    server: { name: 'payments', trust: 'external' },
    tool: { name: 'refund.create', ring: 2, effect: 'write', labels: ['private', 'money'] },
    method: 'tools/call',
    direction: 'client-to-server',
    arguments: args,
    principal: { user: 'u-17', tenant: 'acme', roles: ['support'] },
    run: 'run-1',
    now: NOW,
    ...more,
  };
}

/** A condition that has to compile. */
export function conditionOf(source: string, ...schemas: readonly (JsonValue | undefined)[]): Condition {
  const result = compileCondition(source, { arguments: schemas });
  if (result.condition === undefined) {
    throw new Error(`${source}: ${result.issues.map((issue) => issue.message).join('; ')}`);
  }
  return result.condition;
}

/** What is wrong with a condition that must not compile. */
export function issuesOf(source: string, ...schemas: readonly (JsonValue | undefined)[]): readonly ConditionIssue[] {
  const result = compileCondition(source, { arguments: schemas });
  if (result.condition !== undefined) throw new Error(`${source} compiles`);
  return result.issues;
}

/** What a condition says of a call: true, false, or the code of its error. */
export function outcomeOf(
  source: string,
  args: JsonObject = {},
  more: Partial<ConditionInput> = {},
): boolean | ConditionError['code'] {
  const result = conditionOf(source).evaluate(inputOf(args, more));
  return typeof result === 'boolean' ? result : result.code;
}
