import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { ConditionInput } from '../conditions/condition.ts';
import { decidingParts, type DecidingPart } from '../conditions/deciding-parts.ts';
import { describeCondition } from '../conditions/describe-condition.ts';
import type { PolicyLocation, Stage } from '../decision.ts';
import type { Rule } from '../rules/rule.ts';

/** A part of a condition that made it come out as it did. */
export interface ExplainedPart {
  /** What the part says, in words. */
  readonly words: string;
  readonly outcome: boolean | 'error';
  /** Why it could not be evaluated. */
  readonly error?: string;
  /** The shape of the value that it looked at, never the value; absent where it looked at more than one. */
  readonly got?: string;
  /** Where the part stands in the policy; absent where that has no text. */
  readonly location?: PolicyLocation;
}

/** A rule across servers and tools, or a condition of an entry's own approval, that has something to say of a call, in words. */
export interface ExplainedRule {
  /** Of the condition of an entry's own approval: its place in the policy document. */
  readonly id: string;
  /** JSON pointer into the policy document. */
  readonly rule: string;
  readonly location?: PolicyLocation;
  readonly outcome: 'deny' | 'hold' | 'raise' | 'observe';
  readonly stage: Stage;
  /** The condition as it is written; absent where the rule has none. */
  readonly condition?: string;
  /** The condition in words. */
  readonly words?: string;
  /** The parts of the condition that made it hold, or err. At most 16. */
  readonly parts: readonly ExplainedPart[];
  readonly message?: string;
  readonly owner?: string;
  readonly approvers: readonly string[];
}

/** A rule in words; with its parts, where what the condition read is known. */
export function explainRule(rule: Rule, policy: PolicyRuntime, input: ConditionInput | undefined): ExplainedRule {
  const [{ rule: pointer, location }] = rule.references;
  const { condition } = rule;
  const parts = condition === undefined || input === undefined ? [] : decidingParts(condition, input);
  return Object.freeze({
    id: rule.id,
    rule: pointer,
    ...(location === undefined ? {} : { location }),
    outcome: rule.outcome,
    stage: rule.stage,
    ...(condition === undefined ? {} : { condition: condition.source, words: describeCondition(condition) }),
    parts: Object.freeze(parts.map((part) => explainPart(part, rule, policy))),
    ...(rule.message === undefined ? {} : { message: rule.message }),
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
    approvers: rule.approvers ?? Object.freeze([]),
  });
}

function explainPart({ tree, words, outcome, got }: DecidingPart, rule: Rule, policy: PolicyRuntime): ExplainedPart {
  const location =
    tree.span === undefined || rule.condition === undefined
      ? undefined
      : policy.locateIn(rule.conditionAt, rule.condition.source, tree.span.start);
  return Object.freeze({
    words,
    ...(typeof outcome === 'boolean' ? { outcome } : { outcome: 'error' as const, error: outcome.message }),
    ...(got === undefined ? {} : { got }),
    ...(location === undefined ? {} : { location }),
  });
}
