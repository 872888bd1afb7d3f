import { appendPointer } from '@callgate/canonical';

import type { Stage } from '../decision.ts';
import type { Findings } from './findings.ts';

/** Notes a stage of the policy, a server or a tool at which nothing is stopped. */
export function noteStage(subject: string, stage: Stage | undefined, pointer: string, findings: Findings): void {
  if (stage === undefined || stage === 'enforce') return;
  const consequence = stage === 'off' ? 'its rules are not evaluated' : 'violations are recorded and not stopped';
  const message = `${subject} is at stage ${stage}: ${consequence}`;
  findings.add('not-enforced', appendPointer(pointer, 'stage'), message, 'set `stage: enforce` when ready');
}
