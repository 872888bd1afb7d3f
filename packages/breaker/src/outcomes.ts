import type { CallOutcome, OutcomeKind } from './call-outcome.ts';

/** In doubt is failed: who may have failed is not trusted more for it. What its caller gave up is no failure. */
const FAILED: Readonly<Record<OutcomeKind, boolean>> = {
  ok: false,
  tool_error: true,
  error: true,
  timeout: true,
  cancelled: false,
  quarantined: true,
  unknown: true,
};

const IN_DOUBT: Readonly<Record<OutcomeKind, boolean>> = {
  ok: false,
  tool_error: false,
  error: false,
  timeout: true,
  cancelled: true,
  quarantined: false,
  unknown: true,
};

/** Whether a call counts as failed. */
export function hasFailed({ outcome }: CallOutcome): boolean {
  return FAILED[outcome];
}

/** Whether nobody knows what the call did. */
export function isInDoubt({ outcome }: CallOutcome): boolean {
  return IN_DOUBT[outcome];
}
