import type { Effect } from '../decision.ts';
import { runtimeOf, type PolicyRuntime } from '../compile/server-runtime.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { compileConditionAt } from '../conditions/compile-condition-at.ts';
import type { Condition } from '../conditions/condition.ts';
import { PathSlots } from '../conditions/path-slots.ts';
import { PolicyError } from '../errors.ts';
import { IssueList } from '../load/issues.ts';
import { SourceMap } from '../load/source-map.ts';
import { provesNever } from './prove-never.ts';
import { changedCalls, conditionInputOf, type ToolCall } from './tool-call.ts';
import type { SearchScope } from './tool-space.ts';

/** A condition on calls, in the language of rules. */
export interface CallPredicate {
  readonly source: string;
  /** Whether the condition is true of a call. One that cannot be evaluated is not. */
  holds(call: ToolCall): boolean;
  /** Calls near this one of which it holds, if it does not hold of this one, and the other way round; at most 16. */
  near(call: ToolCall): readonly ToolCall[];
}

/**
 * Compiles a condition in CEL (docs/reference/conditions.md) on calls that a policy decides.
 *
 * @throws {PolicyError} with what is wrong with it
 */
export function compilePredicate(policy: CompiledPolicy, source: string): CallPredicate {
  const runtime = runtimeOf(policy);
  const condition = conditionOf(source);
  return Object.freeze({
    source,
    holds: (call: ToolCall) => condition.evaluate(conditionInputOf(runtime, call)) === true,
    near: (call: ToolCall) => changedCalls(runtime, call, condition),
  });
}

/**
 * Whether it is proved that no call of the tools in the scope, of which the condition holds, comes to any of the effects. False says
 * nothing. It follows from envelopes and rules alone; exceptions leave nothing proved.
 *
 * @param source a condition in CEL; undefined: every call
 * @throws {PolicyError} with what is wrong with it
 */
export function isNever(
  policy: CompiledPolicy,
  effects: readonly Effect[],
  source: string | undefined,
  scope: SearchScope = {},
): boolean {
  const runtime: PolicyRuntime = runtimeOf(policy);
  return provesNever(runtime, effects, source === undefined ? undefined : conditionOf(source), scope);
}

function conditionOf(source: string): Condition {
  const sourceMap = new SourceMap('where');
  const issues = new IssueList(sourceMap);
  const context = {
    issues,
    kinds: new Map<never, never>(),
    slots: new PathSlots(),
    location: (): undefined => undefined,
  };
  const condition = compileConditionAt(source, '', { arguments: [] }, context);
  if (condition === undefined) throw new PolicyError('CALLGATE_POLICY_INVALID', issues.sorted());
  return condition;
}
