import { appendPointer } from '@callgate/canonical';

import type { OutgoingDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';

/** Looks at how what is sent to servers is inspected. */
export function lintOutgoing(
  subject: string,
  outgoing: OutgoingDocument | undefined,
  pointer: string,
  findings: Findings,
): void {
  if (outgoing?.secrets !== 'pass') return;
  const message = `what is sent to ${subject} is not searched for secrets`;
  findings.add('secrets-leave', appendPointer(pointer, 'secrets'), message, 'choose `observe`, `hold` or `deny`');
}
