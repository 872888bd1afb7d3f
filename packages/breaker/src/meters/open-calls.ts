import type { ControlVerdict, MeterControl } from '@callgate/policy';

import type { CallFacts } from '../call-facts.ts';
import { ALLOW } from '../reducer.ts';
import { exceeded, nearlyExceeded } from './meter-notice.ts';

/** Calls under way. Nothing is under way after a restart, so it is in no snapshot. */
export interface OpenCalls {
  readonly kind: 'open';
  underWay: number;
}

/** Judges a call by how many others are under way. What costs much is refused first, where the policy says so. */
export function judgeOpen(control: MeterControl, open: OpenCalls | undefined, facts: CallFacts): ControlVerdict {
  const used = open?.underWay ?? 0;
  const { max, soft, degrade } = control;
  if (used + 1 > max) return exceeded(control, 'concurrency.exceeded', used, undefined);
  if (degrade !== undefined && used >= degrade.from * max && (facts.call.cost?.perCall ?? 0) >= degrade.cost) {
    return exceeded(control, 'concurrency.exceeded', used, undefined);
  }
  return soft !== undefined && used + 1 > soft ? nearlyExceeded(control, used) : ALLOW;
}
