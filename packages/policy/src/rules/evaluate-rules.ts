import type { JsonObject } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import type { Envelope } from '../compile/entry.ts';
import type { ConditionError, ConditionInput } from '../conditions/condition.ts';
import { createSharedScope, renewScope } from '../conditions/fuel.ts';
import type { Ring } from '../decision.ts';
import type { ReadyRuleSet, Rule } from './rule.ts';

/** A call as rules judge it. */
export interface RuleCall {
  readonly principal: Principal;
  readonly args: JsonObject;
  /** The envelopes that judge the arguments: their kinds know what values name. */
  readonly envelopes: readonly Envelope[];
  /** What conditions read; the ring is the tool's own, whatever rules raise it to. */
  readonly input: ConditionInput;
}

/** What a rule says of a call: nothing (it does not apply), that it applies, or that it could not be evaluated. */
export type RuleVerdict = 'silent' | 'applies' | ConditionError;

/** Judges a call by one rule. An error anywhere stands, whatever the other parts say: it must not make the rule vanish. */
export function judgeRule(rule: Rule, call: RuleCall): RuleVerdict {
  for (const check of rule.who) {
    const result = check.test(call.principal);
    if (result === 'fail') return 'silent';
    if (result === 'error')
      return { kind: 'error', code: 'type', message: `the principal's ${check.field} is not text` };
  }
  if (rule.resources !== undefined && !rule.resources(call.args, call.envelopes)) return 'silent';
  if (rule.condition === undefined) return 'applies';
  const result = rule.condition.evaluate(call.input);
  if (typeof result === 'boolean') return result ? 'applies' : 'silent';
  return result;
}

/** Whether no rule of the set has anything to say of a call of this ring. The short way. May throw: then it cannot be said. */
export function areSilent(set: ReadyRuleSet, ring: Ring, call: RuleCall): boolean {
  const { conditions, others } = set.tests[ring];
  const { input } = call;
  const scope = createSharedScope();
  for (const isFalse of conditions) {
    renewScope(scope);
    if (isFalse(input, scope) !== false) return false;
  }
  for (const rule of others) {
    if (judgeRule(rule, call) !== 'silent') return false;
  }
  return true;
}
