import type { Decision } from '@callgate/policy';

/** A decision as commands print it: the members that matter to a reader, rules as pointer and line. */
export function decisionJson(decision: Decision): Record<string, unknown> {
  return {
    effect: decision.effect,
    ...(decision.would === undefined ? {} : { would: decision.would, wouldCode: decision.wouldCode }),
    stage: decision.stage,
    code: decision.code,
    message: decision.message,
    rule: decision.determining.map(({ rule, location }) => ({ rule, line: location?.line ?? null })),
    violations: decision.violations,
    errors: decision.errors,
    hints: decision.hints,
    retryable: decision.retryable,
    next: decision.next,
    ...(decision.approvers === undefined ? {} : { approvers: decision.approvers }),
    ...(decision.ring === undefined ? {} : { ring: decision.ring }),
    ...(decision.toolEffect === undefined ? {} : { toolEffect: decision.toolEffect }),
    ...(decision.dispatched === undefined ? {} : { dispatched: decision.dispatched }),
  };
}
