import type { Decision, Obligations } from '@callgate/policy';

import type { GateCode, Verdict } from './codes.ts';

const NO_OBLIGATIONS: Obligations = { timeoutMs: 0, maxResultBytes: 0, durable: false };

/** What a refusal by the gate itself says. */
export interface Refusal {
  readonly code: GateCode;
  readonly message: string;
  readonly hints?: readonly string[];
  readonly retryable?: boolean;
  readonly next?: Verdict['next'];
}

/**
 * The verdict of a refusal that the gate makes itself. It is enforced in every stage: what a gate refuses on its own is
 * the protocol's integrity, not the policy's opinion.
 *
 * @param base the policy's decision on the same call, where one was made; its rule and summary are kept for the record
 */
export function refuse(refusal: Refusal, base?: Decision | Verdict): Verdict {
  return {
    effect: 'deny',
    stage: base?.stage ?? 'enforce',
    code: refusal.code,
    message: refusal.message,
    determining: base?.determining ?? [],
    violations: [],
    errors: [],
    hints: refusal.hints ?? [],
    retryable: refusal.retryable ?? false,
    next: refusal.next ?? 'stop',
    obligations: base?.obligations ?? NO_OBLIGATIONS,
    summary: base?.summary ?? {},
    ...(base?.ring === undefined ? {} : { ring: base.ring }),
    ...(base?.toolEffect === undefined ? {} : { toolEffect: base.toolEffect }),
  };
}
