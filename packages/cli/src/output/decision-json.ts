import type { Decision, RuleReference } from '@callgate/policy';

/** A decision as commands print it: the members that matter to a reader, rules as pointer and line. */
export function decisionJson(decision: Decision): Record<string, unknown> {
  return {
    effect: decision.effect,
    ...(decision.would === undefined ? {} : { would: decision.would, wouldCode: decision.wouldCode }),
    stage: decision.stage,
    code: decision.code,
    message: decision.message,
    rule: decision.determining.map(ruleJson),
    violations: decision.violations,
    errors: decision.errors,
    hints: decision.hints,
    retryable: decision.retryable,
    next: decision.next,
    ...(decision.retryAfterMs === undefined ? {} : { retryAfterMs: decision.retryAfterMs }),
    ...(decision.notices === undefined ? {} : { notices: decision.notices }),
    ...(decision.sources === undefined ? {} : { sources: decision.sources }),
    ...(decision.observed === undefined ? {} : { observed: decision.observed.map(ruleJson) }),
    ...(decision.exceptions === undefined ? {} : { exceptions: decision.exceptions }),
    ...(decision.approvers === undefined ? {} : { approvers: decision.approvers }),
    ...(decision.ring === undefined ? {} : { ring: decision.ring }),
    ...(decision.toolEffect === undefined ? {} : { toolEffect: decision.toolEffect }),
    ...(decision.dispatched === undefined ? {} : { dispatched: decision.dispatched }),
  };
}

function ruleJson({ rule, id, location }: RuleReference): Record<string, unknown> {
  return { rule, ...(id === undefined ? {} : { id }), line: location?.line ?? null };
}
